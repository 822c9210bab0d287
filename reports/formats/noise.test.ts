import { expect, test } from "vitest";
import type { Sight } from "../gate-noise.ts";
import { formatNoise } from "./noise.ts";

const RECORD = { machine: "a \u001b[31mcpu, 2 cores", measuredAt: "", mode: "duet", rounds: 10, cells: [] } as const;
const sight = (fields: Partial<Sight>): Sight => ({
  server: "sse-node",
  scenario: "topics",
  metric: "server_cpu_us_per_delivery",
  noise: { paired: 0.03, alone: 0.1, rounds: 10 },
  limit: 0.1,
  detectable: 0.066,
  roundsNeeded: 5,
  ...fields,
});

test("a line a metric says what can be seen, and marks the limits that cannot", () => {
  const text = formatNoise(RECORD, [sight({}), sight({ detectable: 0.31, roundsNeeded: Infinity, server: "own\n\u001b[2J" })], 10, {
    color: false,
    width: 80,
  });
  const [, fine, blind] = text.split("\n");
  expect(fine).toMatch(/^sse-node +server_cpu_us_per_delivery +3 % +\+6\.6 % +5 +✓ 10 %$/);
  expect(blind).toMatch(/\+31\.0 % +none would do +! 10 % is below the noise floor$/);
  expect(text).not.toContain("\u001b");
  expect(text.trimEnd().split("\n")).toHaveLength(5);
});
