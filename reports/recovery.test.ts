import { expect, test } from "vitest";
import { encodeHistogram } from "../load/hdr.ts";
import { createHistogram } from "../load/histogram.ts";
import type { Measurement, Second } from "../load/measurement.ts";
import { fixtureRun, SPIKE } from "./fixture.ts";
import { recoveryIn } from "./recovery.ts";

/** A trial whose second `at` has so many deliveries, all of the latency that `ms` says. */
function trial(ms: (second: number) => number, perSecond = 2000): Measurement {
  const { measurements } = fixtureRun({ scenarios: [SPIKE], servers: [{ name: "sse-node", transport: "sse", latencyMs: 2 }] });
  const seconds = measurements[0]!.seconds.map((second): Second => {
    const population = createHistogram();
    population.record(ms(second.atSecond) * 1e6, perSecond);
    return { ...second, population: encodeHistogram(population) };
  });
  return { ...measurements[0]!, seconds };
}

const [CALM, RAMP, PEAK, AFTER] = [0, 1, 2, 3] as const;
/** The spike is over at second 13. */
const slow = (until: number) => (second: number) => (second >= 11 && second < until ? 90 : 10);

test("a spike is recovered from at the first second whose p99 is within 10 % of that before it", () => {
  expect(recoveryIn([trial(slow(16))], AFTER)).toEqual({ before: "calm", after: "spike", seconds: [3] });
  expect(recoveryIn([trial(slow(13))], AFTER)).toMatchObject({ seconds: [0] });
  expect(recoveryIn([trial((second) => (second < 11 ? 10 : second < 15 ? 11.2 : 10.9))], AFTER)).toMatchObject({ seconds: [2] });
});

test("one that never is says so, by trial", () => {
  expect(recoveryIn([trial(slow(99)), trial(slow(14))], AFTER)).toMatchObject({ seconds: [null, 1] });
});

test("where a second has too few deliveries for a p99, as many seconds are taken together as have enough", () => {
  expect(recoveryIn([trial(slow(14), 500)], AFTER)).toMatchObject({ seconds: [2] });
  expect(recoveryIn([trial(slow(14), 50)], AFTER)).toBeUndefined();
});

test("a phase with nothing to recover from has none", () => {
  const trials = [trial(slow(16))];
  for (const at of [CALM, RAMP, PEAK]) expect(recoveryIn(trials, at)).toBeUndefined();
  const other = trials.map((each) => ({
    ...each,
    phases: each.phases!.map((p, i) => (i === AFTER ? { ...p, startRate: 21, endRate: 21 } : p)),
  }));
  expect(recoveryIn(other, AFTER)).toBeUndefined();
  expect(recoveryIn(fixtureRun().measurements, AFTER)).toBeUndefined();
});
