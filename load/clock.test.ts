import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { clockStepNs, nowNs } from "./clock.ts";

test("reads the clock that process.hrtime reads", () => {
  for (let i = 0; i < 100; i++) {
    const before = Number(process.hrtime.bigint());
    const between = nowNs();
    const after = Number(process.hrtime.bigint());
    // The offset was taken with one call between two readings: that call is the most it can be wrong by.
    expect(between).toBeGreaterThanOrEqual(before - 20_000);
    expect(between).toBeLessThanOrEqual(after + 20_000);
  }
});

test("is shared by the processes of a host", () => {
  const before = nowNs();
  const there = Number(execFileSync(process.execPath, ["-p", "process.hrtime.bigint().toString()"], { encoding: "utf8" }));
  expect(there).toBeGreaterThan(before);
  expect(there).toBeLessThan(nowNs());
});

test("a clock that goes in steps is found out", () => {
  let reads = 0;
  // Now and then whoever reads is held up.
  expect(clockStepNs(() => Math.floor(reads++ / 10) * 4e6 + Math.floor(reads / 200) * 9e6)).toBe(4e6);
  expect(clockStepNs(() => 7)).toBe(Infinity);
});
