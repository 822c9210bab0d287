import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";
import { leastSquares, theilSen } from "./slope.ts";

const line = (slope: number, xs: readonly number[], noise = () => 0) => xs.map((x) => ({ x, y: 1e6 + slope * x + noise() }));
const XS = Array.from({ length: 9 }, (_, i) => 100 + i * 100);

test.each([
  ["least squares", leastSquares],
  ["Theil and Sen", theilSen],
])("%s read the slope of a line back", (_, slopeOf) => {
  expect(slopeOf(line(9300, XS))).toBeCloseTo(9300, 6);
  expect(slopeOf(line(-2, [1, 2, 4, 8]))).toBeCloseTo(-2, 9);
});

test("both lie near the slope of a noisy line", () => {
  const random = seededRandom(3);
  const points = line(9300, XS, () => (random() - 0.5) * 200_000);
  for (const slope of [leastSquares(points), theilSen(points)]) expect(Math.abs(slope / 9300 - 1)).toBeLessThan(0.05);
});

test("one wild point leads least squares astray, and not Theil and Sen", () => {
  const points = line(9300, XS).map((point, i) => (i === 8 ? { ...point, y: point.y + 4e6 } : point));
  expect(leastSquares(points) / 9300).toBeGreaterThan(1.15);
  expect(theilSen(points) / 9300).toBeCloseTo(1, 1);
});

test("of one place there is no slope", () => {
  expect(leastSquares([{ x: 1, y: 1 }])).toBeNaN();
  expect(theilSen([{ x: 1, y: 1 }])).toBeNaN();
});
