/** Warms the server up for as long as was asked for, and again as long while that shows that it is not steady (METHOD R8). */
import type { TrialTimes } from "../assignment.ts";
import type { Steadiness, TrialSteadiness } from "../measurement.ts";
import { STEADINESS } from "../steadiness.ts";
import { TrialFailure } from "./trouble.ts";

const MOST_EXTENSIONS = 3;
/**
 * So long before the window it is decided whether it may begin: processes tell a second a quarter of a second after its end, and must
 * hear of a window that is later before the old one begins.
 */
const DECIDE_EARLY_NS = 500e6;
/** The last second has not ended when it is decided; in the first one a fresh server still compiles. */
const SECONDS_NOT_JUDGED = 2;

export interface WarmUpPlan {
  /** Seconds that are judged, the last of them a second before the window; too few of them where it is not to be extended. */
  readonly seconds: number;
  /** What it is extended by: its own length, in whole seconds, for seconds are counted from the window. */
  readonly byNs: number;
  /** When the window ends at the latest. */
  readonly latestEndNs: number;
}

/** How many of its seconds can be judged before the window begins. */
function judgedSeconds(warmupMs: number): number {
  return Math.max(0, Math.floor(warmupMs / 1000) - SECONDS_NOT_JUDGED);
}

/** Whether a warm-up is long enough to tell, and so may be extended. */
export function isExtendable(warmupMs: number): boolean {
  return judgedSeconds(warmupMs) >= STEADINESS.leastSeconds;
}

/** The plan for a window that is to be at `times`; `extendable` as {@link isExtendable} has it. */
export function planWarmUp(warmupMs: number, { endNs }: TrialTimes, extendable = isExtendable(warmupMs)): WarmUpPlan {
  const byNs = Math.ceil(warmupMs / 1000) * 1e9;
  return { seconds: judgedSeconds(warmupMs), byNs, latestEndNs: endNs + (extendable ? MOST_EXTENSIONS * byNs : 0) };
}

export interface WarmUp {
  readonly plan: WarmUpPlan;
  readonly times: TrialTimes;
  /** Of the seconds from `from` to before `to`, counted from the window. */
  judge(range: readonly [from: number, to: number]): Steadiness;
  until(atNs: number): Promise<void>;
  /** Tells everybody of a later window; resolves with whether they heard of it before the old one began. */
  postpone(times: TrialTimes): Promise<boolean>;
}

export type WarmedUp = Omit<TrialSteadiness, "window"> & { readonly times: TrialTimes };

/**
 * Resolves when the window is fixed, which is before it begins: at once where the warm-up is not to be extended. Throws
 * {@link TrialFailure} where somebody has begun with another.
 */
export async function warmUp({ plan, times, judge, until, postpone }: WarmUp): Promise<WarmedUp> {
  if (plan.latestEndNs === times.endNs) return { times, warmup: { verdict: "too-short", seconds: plan.seconds }, extended: 0 };
  let fixed = times;
  for (let extended = 0; ; extended++) {
    await until(fixed.zeroNs - DECIDE_EARLY_NS);
    const warmup = judge([-1 - plan.seconds, -1]);
    const next = later(fixed, plan.byNs);
    if (warmup.verdict !== "not-steady" || next.endNs > plan.latestEndNs) return { times: fixed, warmup, extended };
    const heard = await Promise.race([postpone(next), until(fixed.zeroNs).then(() => false)]);
    if (!heard) {
      throw new TrialFailure({
        kind: "worker",
        message:
          "the warm-up was to go on, for the server was not steady, but not every process of the generator heard of it in time: " +
          "stop what else runs on this machine, or use fewer subscribers",
      });
    }
    fixed = next;
  }
}

function later({ startNs, zeroNs, endNs, deadlineNs }: TrialTimes, byNs: number): TrialTimes {
  return { startNs, zeroNs: zeroNs + byNs, endNs: endNs + byNs, deadlineNs: deadlineNs + byNs };
}
