import { expect, test } from "vitest";
import * as fc from "fast-check";
import { constantRate, phaseEndsNs, phasedRate } from "./rate-profile.ts";
import type { WorkloadPhase } from "./suite.ts";

const phase = (seconds: number, startRate: number, endRate = startRate): WorkloadPhase => ({
  name: "p",
  durationMs: seconds * 1000,
  startRate,
  endRate,
});

test("one rate is reached evenly, without an end", () => {
  const profile = constantRate(3);
  expect(profile.messagesBy(7e9)).toBe(21);
  expect(profile.reached(3 * 3599)).toBe(3599e9);
});

test("a ramp has the area under it: half of the whole after 1/√2 of the time, where it starts at 0", () => {
  const profile = phasedRate([phase(20, 0, 500)], 0);
  expect(profile.messagesBy(20e9)).toBe(5000);
  expect(profile.reached(2500) / 1e9).toBeCloseTo(20 / Math.SQRT2, 9);
  expect(profile.reached(0)).toBe(0);
  expect(profile.reached(5000)).toBe(Infinity);
});

test("a ramp down is that ramp seen from its end", () => {
  const [up, down] = [phasedRate([phase(20, 10, 500)], 0), phasedRate([phase(20, 500, 10)], 0)];
  const total = up.messagesBy(20e9);
  for (const n of [1, 50, 2000, total - 1]) expect(down.reached(total - n) / 1e9).toBeCloseTo(20 - up.reached(n) / 1e9, 9);
});

test("before the phases messages are due at the rate the first of them starts with", () => {
  const profile = phasedRate([phase(10, 20, 40), phase(10, 40)], 3e9);
  expect(profile.messagesBy(3e9)).toBe(60);
  expect(profile.reached(60)).toBe(3e9);
  expect(profile.messagesBy(13e9)).toBe(360);
  expect(profile.messagesBy(99e9)).toBe(760);
});

test("what is reached as a silence begins is due as it ends", () => {
  const profile = phasedRate([phase(2, 50), phase(5, 0), phase(1, 10)], 0);
  expect(profile.messagesBy(7e9)).toBe(100);
  expect(profile.reached(99)).toBe(1.98e9);
  expect(profile.reached(100)).toBe(7e9);
});

test("a message is not due before a silence where the rates before it come to a hair more than a whole number", () => {
  // In binary 0.1 + 19 × 1.1 is more than 21.
  const profile = phasedRate([phase(1, 0.1), phase(19, 1.1), phase(5, 0), phase(1, 10)], 0);
  expect(profile.messagesBy(25e9)).toBe(21);
  expect(profile.reached(21)).toBe(25e9);
});

const anyPhases = fc.array(
  fc.record({
    name: fc.constant("p"),
    durationMs: fc.integer({ min: 100, max: 100_000 }),
    startRate: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e6, noNaN: true })),
    endRate: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e6, noNaN: true })),
  }),
  { minLength: 1, maxLength: 8 },
);

test("the integral and its inverse are one another's, and neither ever goes back", () => {
  fc.assert(
    fc.property(
      anyPhases,
      fc.integer({ min: 0, max: 60_000 }),
      fc.array(fc.double({ min: 1e-12, max: 1, noNaN: true })),
      (phases, leadMs, parts) => {
        const profile = phasedRate(phases, leadMs * 1e6);
        const endNs = leadMs * 1e6 + phaseEndsNs(phases).at(-1)!;
        const total = profile.messagesBy(endNs);
        let last = 0;
        for (const messages of parts.map((part) => part * total).toSorted((a, b) => a - b)) {
          const ns = profile.reached(messages);
          if (messages >= total) continue;
          expect(ns).toBeGreaterThanOrEqual(last);
          expect(ns).toBeLessThanOrEqual(endNs * (1 + 1e-12));
          expect(Math.abs(profile.messagesBy(ns) - messages)).toBeLessThan(1e-6 + 1e-9 * total);
          last = ns;
        }
      },
    ),
  );
});
