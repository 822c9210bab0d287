/** Domains, ticks and label places that charts agree on before anything is drawn. */

export interface Scale {
  readonly type: "linear" | "log";
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly number[];
}

/** From 0 to a round number above the largest value. */
export function linearScale(values: readonly number[], ticks = 4): Scale {
  const highest = Math.max(0, ...values);
  const step = highest === 0 ? 1 : roundUp((highest * 1.05) / ticks);
  const count = Math.max(1, Math.ceil((highest * 1.05) / step));
  return { type: "linear", domain: [0, step * count], ticks: Array.from({ length: count + 1 }, (_, at) => at * step) };
}

/**
 * Around the positive values with a little room, and at least the share `headroom` of the axis above them; ticks at 1, 2, 5 of each
 * decade, or at decades alone where there are many.
 */
export function logScale(values: readonly number[], headroom = 0): Scale {
  const positive = values.filter((value) => value > 0);
  const low = positive.length === 0 ? 0.1 : Math.min(...positive) / 1.3;
  const highest = Math.max(...positive);
  const high = positive.length === 0 ? 10 : highest * Math.max(1.3, (highest / low) ** (headroom / (1 - headroom)));
  const decades = Math.log10(high / low);
  const steps = decades > 3 ? [1] : decades > 1.7 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
    for (const step of steps) {
      const tick = Number((step * 10 ** decade).toPrecision(1));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return { type: "log", domain: [low, high], ticks };
}

/** Where a value lies on an axis of so many px, from its low end. */
export function toPixels(value: number, { type, domain: [low, high] }: Scale, lengthPx: number): number {
  const share = type === "log" ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return lengthPx * share;
}

/** Values at which labels of `lineHeight` px stand clear of each other, each as near its own value as the others allow. */
export function spacedLabels(values: readonly number[], scale: Scale, height: number, lineHeight = 13): number[] {
  const [low, high] = scale.domain;
  const log = scale.type === "log";
  const fromPx = (px: number) => (log ? low * (high / low) ** (px / height) : low + (px / height) * (high - low));
  const order = values.map((value, at) => ({ at, px: toPixels(value, scale, height) })).toSorted((a, b) => a.px - b.px);
  // Piles of labels that would overlap, each centred on the mean of its members' places; a pile that meets another joins it.
  const piles: { members: typeof order; center: number }[] = [];
  for (const label of order) {
    let pile = { members: [label], center: label.px };
    for (let below = piles.at(-1); below !== undefined && reach(below, 1) > reach(pile, -1); below = piles.at(-1)) {
      piles.pop();
      pile = pileOf([...below.members, ...pile.members]);
    }
    piles.push(pile);
  }
  const places = values.slice();
  for (const pile of piles) {
    const lowest = reach(pile, -1) + lineHeight / 2;
    for (const [n, { at }] of pile.members.entries()) places[at] = fromPx(lowest + n * lineHeight);
  }
  return places;

  function pileOf(members: typeof order) {
    return { members, center: members.reduce((sum, { px }) => sum + px, 0) / members.length };
  }

  function reach({ members, center }: { readonly members: typeof order; readonly center: number }, side: 1 | -1): number {
    return center + (side * members.length * lineHeight) / 2;
  }
}

/**
 * A row, from 0, for each label that begins at its place, on a staff that stands there: none covers another, and no staff crosses one.
 * From the right, for a label reaches over the staffs to its right, which must end below it.
 */
export function flagRows(flags: readonly { readonly at: number; readonly length: number }[]): number[] {
  const rows = flags.map(() => 0);
  const placed: number[] = [];
  for (const { flag, n } of flags.map((each, index) => ({ flag: each, n: index })).toSorted((a, b) => b.flag.at - a.flag.at)) {
    const below = placed.filter((other) => flags[other]!.at < flag.at + flag.length);
    rows[n] = Math.max(-1, ...below.map((other) => rows[other]!)) + 1;
    placed.push(n);
  }
  return rows;
}

export interface LabelBox {
  readonly left: number;
  readonly middle: number;
  readonly width: number;
  readonly height: number;
}

/** The labels, in their order, that cover none of those before them. */
export function legibleLabels<Label>(labels: readonly Label[], boxOf: (label: Label) => LabelBox): Label[] {
  const boxes: LabelBox[] = [];
  return labels.filter((label) => {
    const box = boxOf(label);
    const covers = boxes.some(
      (other) =>
        box.left < other.left + other.width &&
        other.left < box.left + box.width &&
        Math.abs(box.middle - other.middle) < (box.height + other.height) / 2,
    );
    if (!covers) boxes.push(box);
    return !covers;
  });
}

function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((candidate) => candidate * magnitude >= value * (1 - 1e-9)) ?? 10;
  return step * magnitude;
}
