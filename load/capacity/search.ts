/**
 * Which level a capacity search tries next, by what the trials so far came to; pure, so that saved outcomes lead where the first ones led.
 *
 * METHOD, capacity search: double until it fails, halve the ratio to 5 %, each level by two of three trials, then the level found in a
 * longer window, or 5 % less. A level that says nothing, for the generator or the machine was the limit, bounds the search from above
 * as one that broke does; but the answer never calls it the server's limit. One that noise kept from being judged says not even that, and
 * the search goes no further than to confirm what held. Beyond METHOD, a level on which trials did not agree is no end
 * of the bracket, for the limit is about there: the next one is, or noise of half a percent would push one answer in twenty off the limit.
 */
import type { CapacityAnswer, CapacityRange, CapacityVerdict } from "../capacity-record.ts";

/** What the bracket's ends may differ by, and what a level that is not confirmed is lowered by. */
export const PRECISION = 1.05;
/** Trials that agree, of three. */
const MAJORITY = 2;
/** A disturbed machine is given so many trials of a level. */
const NOISY_TRIALS = 5;

export interface Step {
  readonly level: number;
  /** In the longer window. */
  readonly confirm: boolean;
}

/** One trial of a step. */
export interface Outcome extends Step {
  readonly verdict: CapacityVerdict;
  readonly tookMs: number;
}

export interface SearchRange extends Pick<CapacityRange, "from" | "min" | "max"> {
  /** To the nearest level there is. */
  round(level: number): number;
}

export interface SearchLimits {
  /** Levels that are tried. */
  readonly maxSteps: number;
  /** Together, of all trials. */
  readonly maxMs: number;
  /** What one more trial is expected to take. */
  expectedMs(step: Step): number;
}

/** What is known when a step is asked for. */
interface Asked extends Step {
  readonly held: number | undefined;
  readonly broke: number | undefined;
}

export type Decision =
  | {
      readonly done: false;
      readonly step: Step;
      /** Trials that are still needed, about. */ readonly left: number;
      readonly soFar: CapacityAnswer;
    }
  | { readonly done: true; readonly answer: CapacityAnswer };

/** The next trial to make, or the answer. The order of `outcomes` matters only within a step. */
export function nextStep(range: SearchRange, limits: SearchLimits, outcomes: readonly Outcome[]): Decision {
  const spentMs = outcomes.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const search = searching(range);
  let next = search.next();
  for (let steps = 1; next.done !== true; steps++) {
    const asked = next.value;
    const votes = outcomes.filter(({ level, confirm }) => level === asked.level && confirm === asked.confirm).map(({ verdict }) => verdict);
    const settled = settle(votes);
    if (settled === undefined) {
      const stop = (end: CapacityAnswer["end"]): CapacityAnswer => answer(asked, false, end);
      if (steps > limits.maxSteps) return { done: true, answer: stop("steps") };
      if (spentMs + limits.expectedMs(asked) > limits.maxMs) return { done: true, answer: stop("time") };
      const { level, confirm } = asked;
      return { done: false, step: { level, confirm }, left: trialsLeft(asked, votes.length), soFar: stop("interrupted") };
    }
    const says = votes.filter((vote) => vote === "holds" || vote === "broke");
    next = search.next({ verdict: settled, agreed: says.every((vote) => vote === settled) });
  }
  return { done: true, answer: next.value };
}

/** What the trials of one level come to together; `undefined` where one more is needed. */
export function settle(votes: readonly CapacityVerdict[]): CapacityVerdict | undefined {
  const count = (verdict: CapacityVerdict): number => votes.filter((vote) => vote === verdict).length;
  // Neither is a matter of chance.
  const certain = votes.find((vote) => vote === "failed" || vote === "machine");
  if (certain !== undefined) return certain;
  const agreed = (["holds", "broke", "generator"] as const).find((verdict) => count(verdict) >= MAJORITY);
  return agreed ?? (count("noise") >= NOISY_TRIALS ? "noise" : undefined);
}

/** What the trials of a step came to, and whether none of them said otherwise. */
interface Settled {
  readonly verdict: CapacityVerdict;
  readonly agreed: boolean;
}

interface Found {
  readonly level: number;
  readonly agreed: boolean;
}

/** The search as it is told in METHOD, asking for a level at a time. */
function* searching({ from, min, max, round }: SearchRange): Generator<Asked, CapacityAnswer, Settled> {
  const levelsHeld: Found[] = [];
  const levelsBroke: Found[] = [];
  /** The lowest level above those that held that did not, and why. */
  let top: { readonly level: number; readonly verdict: Exclude<CapacityVerdict, "holds"> } | undefined;
  const broke = (): number | undefined => least(levelsBroke.map(({ level }) => level));
  const held = (): number | undefined => most(levelsHeld.map(({ level }) => level).filter((level) => level < (broke() ?? Infinity)));
  const known = (): Pick<Asked, "held" | "broke"> => ({ held: held(), broke: broke() });
  const end = (why: CapacityAnswer["end"]): CapacityAnswer => answer({ held: held(), broke: surelyBroke(levelsBroke) }, false, why);

  function* ask(level: number, confirm: boolean): Generator<Asked, Settled, Settled> {
    const settled = yield { level, confirm, ...known() };
    const { verdict, agreed } = settled;
    if (verdict === "holds") levelsHeld.push({ level, agreed });
    else top = { level, verdict };
    if (verdict === "broke") levelsBroke.push({ level, agreed });
    return settled;
  }

  let level = from;
  for (;;) {
    const { verdict } = yield* ask(level, false);
    if (verdict === "failed") return end("failed");
    if (verdict === "holds") {
      if (top !== undefined || level >= max) break;
      level = Math.min(max, round(level * 2));
    } else {
      // Less load makes the machine no quieter.
      if (held() !== undefined || verdict === "noise") break;
      if (level <= min) return end(verdict === "broke" ? "narrowed" : verdict);
      level = Math.max(min, round(level / 2));
    }
  }

  while (top?.verdict !== "noise") {
    const middle = between(held()!, top?.level, round);
    if (middle === undefined) break;
    const { verdict } = yield* ask(middle, false);
    if (verdict === "failed") return end("failed");
  }

  for (let found: number | undefined = held(); found !== undefined; found = below(found, min, round)) {
    const { verdict, agreed } = yield* ask(found, true);
    if (verdict === "holds") {
      const lowest = found;
      const lower = most(levelsHeld.map((other) => other.level).filter((other) => other < lowest));
      return answer({ held: agreed ? found : (lower ?? found), broke: surelyBroke(levelsBroke) }, true, endOf(top?.verdict));
    }
    if (verdict !== "broke") return end(verdict);
  }
  return end(held() === undefined && top?.verdict === "noise" ? "noise" : "narrowed");
}

/**
 * The upper end of the bracket: where the trials of the lowest level that broke did not agree, the limit is about there, and the end is the
 * next level on which they did.
 */
function surelyBroke(levels: readonly Found[]): number | undefined {
  return least(levels.filter(({ agreed }) => agreed).map(({ level }) => level)) ?? least(levels.map(({ level }) => level));
}

function answer({ held, broke }: Pick<Asked, "held" | "broke">, confirmed: boolean, end: CapacityAnswer["end"]): CapacityAnswer {
  return { ...(held === undefined ? {} : { held }), ...(broke === undefined ? {} : { broke }), confirmed, end };
}

function endOf(top: Exclude<CapacityVerdict, "holds"> | undefined): CapacityAnswer["end"] {
  if (top === undefined) return "most-tried";
  return top === "broke" ? "narrowed" : top;
}

/** The level in the middle of the ratio; `undefined` where that is as small as it shall be, or there is none between. */
function between(held: number, top: number | undefined, round: SearchRange["round"]): number | undefined {
  if (top === undefined || top / held <= PRECISION) return undefined;
  const middle = round(Math.sqrt(held * top));
  return middle > held && middle < top ? middle : undefined;
}

/** The next lower level to confirm; `undefined` below the least there is. */
function below(level: number, min: number, round: SearchRange["round"]): number | undefined {
  const lower = round(level / PRECISION);
  const next = lower < level ? lower : level - 1;
  return next < min ? undefined : next;
}

function most(levels: readonly number[]): number | undefined {
  return levels.length === 0 ? undefined : Math.max(...levels);
}

function least(levels: readonly number[]): number | undefined {
  return levels.length === 0 ? undefined : Math.min(...levels);
}

/** About so many trials are still to be made: levels are taken to agree, and one that doubles to break at the next. */
function trialsLeft({ held, broke, level, confirm }: Asked, made: number): number {
  const now = Math.max(1, MAJORITY - made);
  if (confirm) return now;
  const ratio = held === undefined || broke === undefined ? 2 : broke / held;
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.log(ratio) / Math.log(PRECISION))));
  // Within the bracket this level is one of the halvings.
  const within = held !== undefined && broke !== undefined && level > held && level < broke;
  return now + MAJORITY * (Math.max(0, halvings - (within ? 1 : 0)) + 1);
}
