import { expect, test } from "vitest";
import { perConnection, stepEnds } from "./connection-steps.ts";

test("connections are opened at once, or after the first hundred in equal steps", () => {
  expect(stepEnds(30, 1)).toEqual([30]);
  expect(stepEnds(900, 8)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900]);
  expect(stepEnds(1000, 8).at(-1)).toBe(1000);
});

const step = (connections: number, extraBytes = 0) => ({
  connections,
  serverUssBytes: 15e6 + 9000 * connections + extraBytes,
  kernelSlabBytes: 30e6 + 6000 * connections,
  generatorUssBytes: 40e6 + 4400 * connections,
  serverFds: 24 + connections,
});
const STEPS = stepEnds(900, 8).map((connections) => step(connections));

test("what a connection costs is the slope, whatever the server held before", () => {
  const { serverBytes, kernelBytes, generatorBytes, serverFds, disagreement } = perConnection(STEPS);
  expect(serverBytes).toBeCloseTo(9000, 6);
  expect(kernelBytes).toBeCloseTo(6000, 6);
  expect(generatorBytes).toBeCloseTo(4400, 6);
  expect(serverFds).toBeCloseTo(1, 9);
  expect(disagreement).toBeCloseTo(0, 9);
});

test("memory that grew at once and not with the connections shows as a disagreement of two estimates", () => {
  const jump = [...STEPS.slice(0, -1), step(900, 4e6)];
  expect(perConnection(jump).disagreement).toBeGreaterThan(0.15);
});

test("without steps, or where a step could not be read, there is no slope", () => {
  expect(perConnection([])).toEqual({});
  const { serverUssBytes: _unread, ...blind } = STEPS[3]!;
  const seen = perConnection([...STEPS.slice(0, 3), blind, ...STEPS.slice(4)]);
  expect(seen).not.toHaveProperty("serverBytes");
  expect(seen.kernelBytes).toBeCloseTo(6000, 6);
});
