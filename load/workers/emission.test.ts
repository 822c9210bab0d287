import { describe, expect, test } from "vitest";
import type { Emitted, TrialTimes } from "../assignment.ts";
import type { Arrivals } from "../schedule.ts";
import { merge } from "../trial/timeline.ts";
import { createEmission } from "./emission.ts";

const ARRIVALS: Arrivals = { arrivals: "poisson", rate: 1000, burst: 1, topics: 7, seed: 3 };
const TIMES = { startNs: 1e9, zeroNs: 2e9, endNs: 4e9, deadlineNs: 5e9 };

/** Takes every message that `sends` leaves, each 1 ms late, but those of which `skips` is true. */
function emitAll(sends: (topic: number) => boolean, skips: (n: number) => boolean = () => false) {
  const seconds: [atSecond: number, published: number][] = [];
  const messages: { topic: number; sequence: number; dueNs: number }[] = [];
  const emission = createEmission({
    arrivals: ARRIVALS,
    times: TIMES,
    latestEndNs: TIMES.endNs,
    sends,
    second: (...told) => seconds.push(told),
  });
  for (let n = 0; emission.dueNs < Infinity; n++) {
    const { topic, dueNs } = emission;
    emission.turn(dueNs);
    if (skips(n)) {
      emission.skip();
      continue;
    }
    const sequence = emission.take();
    emission.written(topic, sequence, dueNs, dueNs + 1e6);
    messages.push({ topic, sequence, dueNs });
  }
  return { messages, seconds, result: emission.finish(0) };
}

const sum = (shares: readonly Emitted[], pick: (share: Emitted) => number): number =>
  shares.reduce((total, share) => total + pick(share), 0);

test("what several processes send of a schedule is the whole of it, each message once and with the number it would have had", () => {
  const whole = emitAll(() => true);
  const shares = [emitAll((topic) => topic % 3 === 0), emitAll((topic) => topic % 3 === 1), emitAll((topic) => topic % 3 === 2)];
  expect(whole.messages.length).toBeGreaterThan(2500);
  expect(shares.flatMap(({ messages }) => messages).toSorted((a, b) => a.dueNs - b.dueNs)).toEqual(whole.messages);
  const results = shares.map(({ result }) => result);
  for (const of of ["window", "whole"] as const) {
    expect(sum(results, (share) => share[of].intended)).toBe(whole.result[of].intended);
    expect(sum(results, (share) => share[of].published)).toBe(whole.result[of].published);
  }
  for (const [topic, ranges] of whole.result.topics.entries()) expect(results[topic % 3]!.topics[topic]).toEqual(ranges);
  // Each tells of every second that it published in.
  const published = shares.flatMap(({ seconds }) => seconds).reduce((total, [, count]) => total + count, 0);
  expect(published).toBe(whole.messages.length);
});

const LATER = { ...TIMES, zeroNs: 5e9, endNs: 7e9, deadlineNs: 8e9 };

test.each<Partial<Arrivals>>([
  { arrivals: "fixed" },
  { arrivals: "burst", burst: 10 },
  { arrivals: "poisson" },
  // So few that nothing is left to send when it is postponed.
  { arrivals: "fixed", rate: 0.1, topics: 1 },
])("a window that is postponed is as if it had been there from the start: $arrivals at $rate", (given) => {
  const arrivals = { ...ARRIVALS, ...given };
  const emit = (times: TrialTimes, postponed?: TrialTimes) => {
    const messages: { topic: number; sequence: number; dueNs: number }[] = [];
    const plan = { arrivals, sends: (topic: number) => topic % 2 === 0, second() {} };
    const emission = createEmission({ ...plan, times, latestEndNs: 20e9 });
    const drain = (untilNs: number): void => {
      while (emission.dueNs < untilNs) {
        const { topic, dueNs } = emission;
        const sequence = emission.take();
        emission.written(topic, sequence, dueNs, dueNs + 1e6);
        messages.push({ topic, sequence, dueNs });
      }
    };
    drain(times.zeroNs);
    if (postponed !== undefined) emission.postpone(postponed);
    drain(Infinity);
    return { messages, result: emission.finish(0) };
  };
  const postponed = emit(TIMES, LATER);
  expect(postponed).toEqual(emit(LATER));
  expect(postponed.messages.every(({ dueNs }) => dueNs < LATER.endNs)).toBe(true);
  expect(postponed.result.window.published).toBe(postponed.messages.filter(({ dueNs }) => dueNs >= LATER.zeroNs).length);
});

describe("a window of phases", () => {
  const phases = [
    { name: "calm", durationMs: 500, startRate: 100, endRate: 100 },
    { name: "ramp", durationMs: 500, startRate: 100, endRate: 1000 },
    { name: "silence", durationMs: 500, startRate: 0, endRate: 0 },
    { name: "after", durationMs: 500, startRate: 400, endRate: 400 },
  ];
  const ends = [0.5, 1, 1.5, 2].map((seconds) => seconds * 1e9);

  test.each(["fixed", "burst", "poisson"] as const)(
    "that is postponed has its phases where it is, each with the numbers of its messages: %s",
    (kind) => {
      const arrivals = { ...ARRIVALS, arrivals: kind, burst: 5, phases };
      const emission = createEmission({ arrivals, times: TIMES, latestEndNs: 20e9, sends: () => true, second() {} });
      const messages: { topic: number; sequence: number; dueNs: number }[] = [];
      const drain = (untilNs: number): void => {
        for (let n = 1; emission.dueNs < untilNs; n++) {
          const { topic, dueNs } = emission;
          if (n % 50 === 0) {
            emission.skip();
            continue;
          }
          const sequence = emission.take();
          emission.written(topic, sequence, dueNs, dueNs + 2e6);
          messages.push({ topic, sequence, dueNs });
        }
      };
      drain(TIMES.zeroNs);
      emission.postpone(LATER);
      drain(Infinity);
      const result = emission.finish(0);

      for (const [i, endNs] of ends.entries()) {
        const own = messages.filter(({ dueNs }) => dueNs >= LATER.zeroNs + (ends[i - 1] ?? 0) && dueNs < LATER.zeroNs + endNs);
        const { published, intended, lag } = result.phases[i]!;
        expect(published).toBe(own.length);
        expect(intended).toBeGreaterThanOrEqual(published);
        expect(merge([lag]).count).toBe(published);
        for (const [topic, ranges] of result.topics.entries()) {
          const sequences = own.filter((message) => message.topic === topic).map(({ sequence }) => sequence);
          const { first, last } = ranges.phases![i]!;
          expect(sequences).toEqual(Array.from({ length: last - first + 1 }, (_, n) => first + n));
        }
      }
      expect(result.phases[2]).toMatchObject({ published: 0, intended: 0 });
      const total = (of: "intended" | "published"): number => result.phases.reduce((sum_, phase) => sum_ + phase[of], 0);
      expect([total("intended"), total("published")]).toEqual([result.window.intended, result.window.published]);
      if (kind === "fixed") expect(result.phases.map(({ intended }) => intended)).toEqual([50, 275, 0, 200]);
    },
  );

  test("that several processes send has in each phase what they sent together", () => {
    const arrivals = { ...ARRIVALS, arrivals: "fixed", phases } as const;
    const emitted = [0, 1].map((share) => {
      const emission = createEmission({ arrivals, times: TIMES, latestEndNs: 20e9, sends: (topic) => topic % 2 === share, second() {} });
      while (emission.dueNs < Infinity) {
        const { topic, dueNs } = emission;
        emission.written(topic, emission.take(), dueNs, dueNs);
      }
      return emission.finish(0);
    });
    expect([0, 1, 2, 3].map((i) => sum(emitted, (share) => share.phases[i]!.published))).toEqual([50, 275, 0, 200]);
  });
});

test("seconds go on as they were counted when the window is postponed", () => {
  const seconds: [atSecond: number, published: number][] = [];
  const emission = createEmission({
    arrivals: { ...ARRIVALS, arrivals: "fixed" },
    times: TIMES,
    latestEndNs: LATER.endNs,
    sends: () => true,
    second: (...told) => seconds.push(told),
  });
  for (let n = 0; emission.dueNs < Infinity; n++) {
    if (n === 500) emission.postpone(LATER);
    const { topic, dueNs } = emission;
    emission.turn(dueNs);
    emission.written(topic, emission.take(), dueNs, dueNs);
  }
  emission.finish(0);
  expect(seconds).toEqual([-1, 0, 1, 2, 3, 4].map((atSecond) => [atSecond, 1000]));
});

test("a message that is skipped was intended and not published, and takes no number", () => {
  const { messages, result } = emitAll(
    () => true,
    (n) => n % 10 === 0,
  );
  const intended = emitAll(() => true).messages.length;
  expect(result.whole).toEqual({ intended, published: intended - Math.ceil(intended / 10) });
  for (let topic = 0; topic < 7; topic++) {
    const sequences = messages.filter((message) => message.topic === topic).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, i) => i + 1));
  }
});
