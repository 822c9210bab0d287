import { expect, test } from "vitest";
import { cpuSeconds, steadinessBetween } from "./cpu-seconds.ts";

const ZERO_NS = 5e12;

/** A sample `offMs` after it is due for the edge of a second; the server had used `cpuMs` by then. */
function sample(atSecond: number, cpuMs: number | undefined, offMs = 0) {
  const atNs = ZERO_NS + atSecond * 1e9 - 20e6 + offMs * 1e6;
  return { atNs, ...(cpuMs === undefined ? {} : { server: { cpuNs: cpuMs * 1e6, threads: 1 } }) };
}

const told = (delivered: readonly number[], first = 0) => delivered.map((count, i) => ({ atSecond: first + i, delivered: count }));

test("CPU time between the edges of a second is over what was delivered in it", () => {
  const samples = [sample(-1, 100), sample(0, 110), sample(1, 130), sample(2, 160)];
  expect(cpuSeconds(told([1000, 1000, 2000], -1), samples, ZERO_NS, [-1, 2])).toEqual([
    { atSecond: -1, cpuUsPerDelivery: 10 },
    { atSecond: 0, cpuUsPerDelivery: 20 },
    { atSecond: 1, cpuUsPerDelivery: 15 },
  ]);
});

test("a late sample is over the time that it covers, and one that is too late is none", () => {
  const samples = [sample(0, 0), sample(1, 10.4, 40), sample(2, 20, 0), sample(3, 30, 60), sample(4, 40)];
  const values = cpuSeconds(told([1000, 1000, 1000, 1000]), samples, ZERO_NS, [0, 4]);
  expect(values.map(({ atSecond }) => atSecond)).toEqual([0, 1]);
  for (const { cpuUsPerDelivery } of values) expect(cpuUsPerDelivery).toBeCloseTo(10, 6);
});

test("of several samples near an edge the nearest counts", () => {
  const samples = [sample(0, 0), sample(0, 1, 20), sample(1, 9, -30), sample(1, 10)];
  expect(cpuSeconds(told([1000]), samples, ZERO_NS, [0, 1])).toEqual([{ atSecond: 0, cpuUsPerDelivery: 10 }]);
});

test("seconds outside the range, with few deliveries, without CPU time or with a server that began anew are left out", () => {
  const samples = [
    sample(0, 10),
    sample(1, 20),
    sample(2, 30),
    sample(3, undefined),
    sample(4, 5),
    sample(5, 5),
    sample(6, 15),
    sample(7, 2),
  ];
  const values = cpuSeconds(told([1000, 9, 1000, 1000, 1000, 1000, 1000]), samples, ZERO_NS, [0, 7]);
  expect(values.map(({ atSecond }) => atSecond)).toEqual([0, 5]);
  expect(cpuSeconds(told([1000, 1000]), samples, ZERO_NS, [1, 2]).map(({ atSecond }) => atSecond)).toEqual([1]);
});

test("a phase is as long as its range, whatever is known of it", () => {
  const of = (seconds: number, known: number) => {
    const samples = Array.from({ length: known + 1 }, (_, i) => sample(i, 10 * i));
    return steadinessBetween([0, seconds], told(Array.from({ length: seconds }, () => 1000)), samples, ZERO_NS).verdict;
  };
  expect([of(5, 5), of(6, 5), of(6, 6)]).toEqual(["too-short", "no-data", "steady"]);
});
