import { expect, test } from "vitest";
import type { PhaseMeasurement, Steadiness } from "../load/measurement.ts";
import { steadinessNote } from "./steadiness-note.ts";

const trial = (verdict: Steadiness["verdict"], extended = 0) => ({
  steadiness: { warmup: { verdict: "too-short", seconds: 3 }, extended, window: { verdict, seconds: 10 } } as const,
});

const phase = (verdict: Steadiness["verdict"]): PhaseMeasurement => ({
  name: "p",
  startRate: 1,
  endRate: 1,
  fromSecond: 0,
  toSecond: 1,
  metrics: {},
  deliveryLatencySource: {},
  histograms: {},
  steadiness: { verdict, seconds: 0 },
});

test.each<[readonly Parameters<typeof steadinessNote>[0][number][], string | undefined]>([
  [[], undefined],
  // Written before there was such a thing.
  [[{}], undefined],
  [[trial("steady")], "Of 1 measured window 1 had a steady CPU time per delivery and 0 had not."],
  [
    [trial("steady", 1), trial("steady", 3), trial("not-steady"), trial("too-short"), trial("too-short"), trial("no-data"), {}],
    "Of 6 measured windows 2 had a steady CPU time per delivery and 1 had not; 2 were shorter than six seconds, too short to tell; " +
      "1 was without the data to tell. 2 warm-ups were extended, for the server was not steady.",
  ],
  [
    [trial("steady"), { ...trial("varied"), phases: (["steady", "not-steady", "varied", "too-short"] as const).map(phase) }],
    "Of 2 measured windows 1 had a steady CPU time per delivery and 0 had not; 1 was at a rate that was to change: of 2 phases at one rate and long " +
      "enough 1 was steady.",
  ],
])("%#: counts windows by what is known of them", (measurements, text) => {
  expect(steadinessNote(measurements)).toBe(text);
});
