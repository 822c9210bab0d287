/** Was the server warm, and did it stay as it was? METHOD R8. */
import type { Steadiness, ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { warning } from "./reason.ts";

export function steadinessReasons({ steadiness: { warmup, extended, window }, phases }: ValidityFacts): ValidityReason[] {
  // Where the rate was to change, each phase at one rate stands for itself.
  const unsteady = window.verdict === "varied" ? phases.filter(({ steadiness }) => steadiness.verdict === "not-steady") : [];
  const [first] = unsteady;
  if (first !== undefined) {
    const names = unsteady.map(({ name }) => name).join(", ");
    return [
      warning(
        "not_steady",
        `the server's CPU time per delivery was not steady in ${names}; in ${first.name} ${course(first.steadiness)}`,
        "lengthen the phase, for what the one before left may take longer to work off, or look for what the server piles up",
      ),
    ];
  }
  if (warmup.verdict !== "not-steady" && window.verdict !== "not-steady") return [];
  const longer = `lengthen warmup${warmup.verdict === "too-short" ? "; one of 8s or more is extended by itself until the server is steady" : ""}`;
  if (window.verdict !== "not-steady") {
    return [
      warning(
        "not_steady",
        `the warm-up was extended ${times(extended)} and was still not steady${window.verdict === "varied" ? "" : ", the window was"}: ${course(warmup)}`,
        longer,
      ),
    ];
  }
  const before =
    extended === 0
      ? ""
      : `, after a warm-up that was extended ${times(extended)}${warmup.verdict === "not-steady" ? " and was not steady either" : ""}`;
  const rises = (window.change?.value ?? 0) > 0;
  return [
    warning(
      "not_steady",
      `the server's CPU time per delivery was not steady in the window${before}: ${course(window)}`,
      rises ? `${longer}; where it goes on rising, look for what the server piles up` : longer,
    ),
  ];
}

function course({ slope, firstThirdUs = NaN, lastThirdUs = NaN, change }: Steadiness): string {
  if (slope === undefined || change === undefined) return "of its course nothing is known";
  const [low, value, high] = [slope.low, slope.value, slope.high].map((log) => signed(Math.expm1(log)));
  return (
    `${value} a second (95 % interval ${low} to ${high}), ` +
    `from ${figure(firstThirdUs)} µs in its first third to ${figure(lastThirdUs)} µs in its last (${signed(change.value)})`
  );
}

function times(count: number): string {
  return ["never", "once", "twice"][count] ?? `${count} times`;
}

function signed(share: number): string {
  const text = Math.abs(share * 100).toFixed(Math.abs(share) < 0.1 ? 1 : 0);
  return `${share < 0 ? "−" : "+"}${text} %`;
}

function figure(us: number): string {
  return us < 100 ? us.toPrecision(3) : us.toFixed(0);
}
