import { expect, test } from "vitest";
import { createPhaseCursor } from "./phase-cursor.ts";

test("a moment is found wherever the one before it was, the first of a phase in it and the last of all behind them", () => {
  const cursor = createPhaseCursor([10, 15, 30]);
  const moments = [0, 9, 10, 14, 15, 29, 30, 1000, 0, 29, 12];
  expect(moments.map(cursor)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 0, 2, 1]);
});

test("without phases there is nothing to be in", () => {
  expect(createPhaseCursor([])(5)).toBe(0);
});
