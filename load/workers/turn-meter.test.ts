import { expect, test } from "vitest";
import { createTurnMeter } from "./turn-meter.ts";

/** A meter on a loop whose turns end when told to. */
function setUp() {
  let clockNs = 0;
  let end: (() => void) | undefined;
  const meter = createTurnMeter(
    (callback) => (end = callback),
    () => clockNs,
  );
  /** So many messages that were read one after another, each taking that long. */
  function turn(messages: number, eachMs: number): void {
    for (let i = 0; i < messages; i++) {
      meter.message(clockNs);
      clockNs += eachMs * 1e6;
    }
    end!();
    clockNs += 100e6;
  }
  return { meter, turn };
}

test("a turn lasts from its first message to its end, and counts once for each of its messages", () => {
  const { meter, turn } = setUp();
  meter.start();
  for (let i = 0; i < 99; i++) turn(1, 1);
  turn(101, 0.1);
  const { p50, p99, max } = meter.read()!;
  // 99 messages of 200 had a turn of 1 ms, 101 one of 10.1.
  expect(p50).toBeCloseTo(10.1, 1);
  expect(p99).toBeCloseTo(10.1, 1);
  expect(max).toBeCloseTo(10.1, 1);
});

test("turns before the start and after the stop are not counted", () => {
  const { meter, turn } = setUp();
  turn(5, 50);
  meter.start();
  turn(2, 1);
  meter.stop();
  turn(5, 50);
  expect(meter.read()!.max).toBeCloseTo(2, 1);
});

test("without a message there is nothing to tell", () => {
  const { meter } = setUp();
  meter.start();
  expect(meter.read()).toBeUndefined();
});
