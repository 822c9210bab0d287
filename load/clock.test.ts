import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { nowNs } from "./clock.ts";

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
