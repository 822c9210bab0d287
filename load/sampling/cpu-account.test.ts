import { describe, expect, it } from "vitest";
import { createCpuAccount } from "./cpu-account.ts";
import type { ThreadTimes } from "./cpu-account.ts";

const MS = 1e6;
const thread = (tid: string, cpuMs: number, waitMs = 0): ThreadTimes => ({ tid, cpuNs: cpuMs * MS, waitNs: waitMs * MS });

describe("CPU account", () => {
  it("sums the threads, to the nanosecond, while ticks lag behind by their rounding", () => {
    const account = createCpuAccount();
    expect(account.add([thread("1", 104.5, 3), thread("2", 50.25, 4)], 140 * MS)).toEqual({ cpuNs: 154.75 * MS, waitNs: 7 * MS });
  });

  it("keeps what a thread had when it was last seen", () => {
    const account = createCpuAccount();
    account.add([thread("1", 100), thread("2", 300, 9)], 400 * MS);
    expect(account.add([thread("1", 110)], 410 * MS)).toEqual({ cpuNs: 410 * MS, waitNs: 9 * MS });
  });

  it("does not take another thread with the same number for the old one", () => {
    const account = createCpuAccount();
    account.add([thread("1", 100), thread("2", 300, 9)], 400 * MS);
    expect(account.add([thread("1", 100), thread("2", 5, 1)], 400 * MS)).toEqual({ cpuNs: 405 * MS, waitNs: 10 * MS });
  });

  it("takes from the ticks what came and went between two looks, to ± 10 ms", () => {
    const account = createCpuAccount();
    account.add([thread("1", 100)], 100 * MS);
    expect(account.add([thread("1", 101)], 590 * MS).cpuNs).toBe(600 * MS);
  });

  it("keeps that correction, so that a later window is exact again", () => {
    const account = createCpuAccount();
    account.add([thread("1", 100)], 590 * MS);
    const from = account.add([thread("1", 100)], 590 * MS);
    const to = account.add([thread("1", 133.7)], 620 * MS);
    expect(to.cpuNs - from.cpuNs).toBeCloseTo(33.7 * MS, 0);
  });

  it("corrects beyond 20 ms only: less may be the rounding of the ticks", () => {
    expect(createCpuAccount().add([thread("1", 100)], 120 * MS).cpuNs).toBe(100 * MS);
    expect(createCpuAccount().add([thread("1", 100)], 130 * MS).cpuNs).toBe(140 * MS);
  });
});
