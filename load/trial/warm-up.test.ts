import { expect, test } from "vitest";
import type { TrialTimes } from "../assignment.ts";
import type { Steadiness } from "../measurement.ts";
import { planWarmUp, warmUp } from "./warm-up.ts";

const timesOf = (warmupS: number): TrialTimes => ({
  startNs: 100e9,
  zeroNs: (100 + warmupS) * 1e9,
  endNs: (110 + warmupS) * 1e9,
  deadlineNs: (115 + warmupS) * 1e9,
});

/** A warm-up as its seconds show it, one verdict a decision; time passes when it is waited for. */
async function warm(warmupS: number, verdicts: readonly Steadiness["verdict"][], answersAfterS = 0) {
  const times = timesOf(warmupS);
  const log: string[] = [];
  let nowNs = times.startNs;
  const left = [...verdicts];
  const until = async (atNs: number): Promise<void> => {
    // Whoever waits for longer is served later.
    for (let turns = 0; turns < atNs / 1e9; turns++) await Promise.resolve();
    nowNs = Math.max(nowNs, atNs);
  };
  const ended = warmUp({
    plan: planWarmUp(warmupS * 1000, times),
    times,
    judge(range) {
      log.push(`${(nowNs - times.startNs) / 1e9}: ${range.join("…")}`);
      return { verdict: left.shift()!, seconds: 6 };
    },
    until,
    async postpone({ startNs, zeroNs, endNs, deadlineNs }) {
      expect(startNs).toBe(times.startNs);
      log.push(`window ${[zeroNs, endNs, deadlineNs].map((ns) => (ns - startNs) / 1e9).join(" ")}`);
      await until(nowNs + answersAfterS * 1e9);
      return true;
    },
  });
  return { log, ended };
}

test("one that is steady is as long as was asked for, and is judged but for its first and last second", async () => {
  const { log, ended } = await warm(8, ["steady"]);
  expect(await ended).toEqual({ times: timesOf(8), warmup: { verdict: "steady", seconds: 6 }, extended: 0 });
  expect(log).toEqual(["7.5: -7…-1"]);
});

test("one that is not steady is extended by its own length until it is, each time judged by its end", async () => {
  const { log, ended } = await warm(10, ["not-steady", "not-steady", "steady"]);
  expect(await ended).toMatchObject({
    times: { zeroNs: 130e9, endNs: 140e9, deadlineNs: 145e9 },
    warmup: { verdict: "steady" },
    extended: 2,
  });
  expect(log).toEqual(["9.5: -9…-1", "window 20 30 35", "19.5: -9…-1", "window 30 40 45", "29.5: -9…-1"]);
});

test("one that never is steady is extended three times and no more, and says that it is not", async () => {
  const { log, ended } = await warm(8, ["not-steady", "not-steady", "not-steady", "not-steady"]);
  expect(await ended).toMatchObject({ times: { zeroNs: 132e9 }, warmup: { verdict: "not-steady" }, extended: 3 });
  expect(log.filter((line) => line.startsWith("window"))).toHaveLength(3);
});

test("one of which nothing is known is not extended", async () => {
  expect(await (await warm(8, ["no-data"])).ended).toMatchObject({ times: timesOf(8), warmup: { verdict: "no-data" }, extended: 0 });
});

test.each([0, 1, 3, 5, 7.9])("one of %d s is too short to tell: it is neither judged nor waited for", async (seconds) => {
  const { log, ended } = await warm(seconds, []);
  expect(await ended).toMatchObject({ times: timesOf(seconds), warmup: { verdict: "too-short" }, extended: 0 });
  expect(log).toEqual([]);
});

test("one that is no whole number of seconds is extended by whole ones, for seconds are counted from the window", async () => {
  const { ended } = await warm(8.5, ["not-steady", "steady"]);
  expect(await ended).toMatchObject({ times: { zeroNs: 117.5e9 }, extended: 1 });
  expect(planWarmUp(8500, timesOf(8.5)).latestEndNs).toBe(timesOf(8.5).endNs + 27e9);
});

test("where somebody has not heard of it when the old window begins, the trial is given up and says what to do", async () => {
  const { ended } = await warm(8, ["not-steady"], 1);
  await expect(ended).rejects.toThrow(/not every process of the generator heard of it in time: stop what else runs on this machine/);
});
