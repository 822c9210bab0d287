import { expect, test } from "vitest";
import type { NoiseRecord } from "../load/noise-record.ts";
import { noiseNote } from "./noise-note.ts";

const noise = (alone: number) => ({ paired: 0.01, alone, rounds: 10 });
const RECORD: NoiseRecord = {
  ...{ machine: "a cpu, 2 cores", measuredAt: "2026-11-25T10:00:00.000Z", mode: "interleaved", rounds: 10 },
  cells: [
    { server: "sse-node", scenario: "topics", metrics: { server_cpu_us_per_delivery: noise(0.02), bytes_down_per_delivery: noise(0) } },
    { server: "websocket-ws", scenario: "topics", metrics: { server_cpu_us_per_delivery: noise(0.04) } },
  ],
};

test("says by metric what two runs of one version may differ by: of all cells the most, twice the deviation of a difference", () => {
  // expm1(2·√2·0.04) is 12 %.
  expect(noiseNote(RECORD)).toBe(
    "Noise floor of such a machine, measured 2026-11-25 in 10 rounds of a version against itself: two runs of one version may differ by " +
      "12 % in server CPU a delivery. What differs less is no difference.",
  );
});

test.each([undefined, { ...RECORD, cells: [] }])("says how to find out where nothing is known", (record) => {
  expect(noiseNote(record)).toContain("pushbench doctor --noise");
});
