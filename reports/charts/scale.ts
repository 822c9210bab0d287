/** Domains, ticks and label places that charts agree on before anything is drawn. */

export interface Scale {
  readonly type: "linear" | "log";
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly number[];
}

/** From 0 to a round number above the largest value. */
export function linearScale(values: readonly number[], ticks = 4): Scale {
  const highest = Math.max(0, ...values);
  const step = roundUp((highest === 0 ? 1 : highest * 1.05) / ticks);
  const count = Math.max(1, Math.ceil((highest * 1.05) / step));
  return { type: "linear", domain: [0, step * count], ticks: Array.from({ length: count + 1 }, (_, at) => at * step) };
}

/** Around the positive values with a little room; ticks at 1, 2, 5 of each decade, or at decades alone where there are many. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const low = positive.length === 0 ? 0.1 : Math.min(...positive) / 1.3;
  const high = positive.length === 0 ? 10 : Math.max(...positive) * 1.3;
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

/** Values at which labels of `lineHeight` px stand clear of each other, each as near its own value as the others allow. */
export function spacedLabels(values: readonly number[], scale: Scale, height: number, lineHeight = 13): number[] {
  const [low, high] = scale.domain;
  const log = scale.type === "log";
  const toPx = (value: number) =>
    height * (log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low));
  const fromPx = (px: number) => (log ? low * (high / low) ** (px / height) : low + (px / height) * (high - low));
  const order = values.map((value, at) => ({ at, px: toPx(value) })).toSorted((a, b) => a.px - b.px);
  for (let n = 1; n < order.length; n++) order[n]!.px = Math.max(order[n]!.px, order[n - 1]!.px + lineHeight);
  // The pile has only been pushed up; from the top it comes down again as far as it must.
  let ceiling = height + lineHeight / 2;
  for (const label of order.toReversed()) {
    label.px = Math.min(label.px, ceiling);
    ceiling = label.px - lineHeight;
  }
  const places = values.slice();
  for (const { at, px } of order) places[at] = fromPx(px);
  return places;
}

function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((candidate) => candidate * magnitude >= value * (1 - 1e-9)) ?? 10;
  return step * magnitude;
}
