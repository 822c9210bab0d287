import { expect, test } from "vitest";
import { planShares } from "./shares.ts";

test.each([1, 2, 16, 17, 100, 1000, 50_000])("%i subscribers are each dealt once", (subscribers) => {
  const { probes, workers } = planShares(subscribers, 2, 20_000);
  const all = [...probes, ...workers.flat()].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: subscribers }, (_, i) => i));
  expect(probes).toHaveLength(Math.min(16, subscribers));
});

test("probes are spread over the connect order", () => {
  const { probes } = planShares(1600, 2, 20_000);
  expect(probes).toEqual(Array.from({ length: 16 }, (_, k) => 50 + 100 * k));
});

test("no worker holds more than its descriptors allow", () => {
  const { workers } = planShares(50_000, 2, 20_000);
  expect(workers.length).toBe(3);
  for (const indices of workers) expect(indices.length).toBeLessThan(19_900);
});

test("a small load takes one worker", () => {
  expect(planShares(100, 8, 20_000).workers).toHaveLength(1);
});
