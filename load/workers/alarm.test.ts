/** The alarm as it is compiled: its thread is a file of its own. */
import { expect, test } from "vitest";
import { nowNs } from "../clock.ts";
import { compiledFile } from "../compiled.ts";

const { createAlarm } = (await import(compiledFile("load/workers/alarm.ts"))) as typeof import("./alarm.ts");

test("rings at the moment that was set, not before, while the event loop turns", async () => {
  let turns = 0;
  const turn = setInterval(() => turns++, 1);
  let ring = (): void => {};
  const rung = new Promise<void>((resolve) => (ring = resolve));
  const alarm = createAlarm(() => ring());
  const setFor = nowNs() + 100e6;
  alarm.set(setFor);
  await rung;
  expect(nowNs()).toBeGreaterThanOrEqual(setFor);
  clearInterval(turn);
  expect(turns).toBeGreaterThan(10);
  alarm.stop();
});

test("a moment that is set replaces the one before, be it earlier or later, and one that is past rings at once", async () => {
  const rung: number[] = [];
  let heard = (): void => {};
  const alarm = createAlarm(() => {
    rung.push(nowNs());
    heard();
  });
  const next = (): Promise<void> => new Promise((resolve) => (heard = resolve));
  alarm.set(nowNs() + 60e9);
  const soon = nowNs() + 20e6;
  alarm.set(soon);
  await next();
  expect(rung[0]).toBeGreaterThanOrEqual(soon);
  alarm.set(nowNs() - 1e9);
  await next();
  expect(rung).toHaveLength(2);
  alarm.stop();
});

test("rings for each moment, also where it is set in the very instant in which the thread goes to wait for it", async () => {
  let left = 5000;
  let over = (): void => {};
  const all = new Promise<void>((resolve) => (over = resolve));
  const alarm = createAlarm(() => {
    if (--left === 0) return over();
    alarm.set(nowNs() + 100e3);
  });
  // An event loop that does not sleep hears the ring before the thread has lain down again.
  const spin = (): void => {
    if (left > 0) setImmediate(spin);
  };
  spin();
  alarm.set(nowNs());
  await all;
  alarm.stop();
});
