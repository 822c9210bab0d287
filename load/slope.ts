/** How much y grows for each x, by two estimators that fail in different ways. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Least squares: the best where errors are alike, and led astray by a single wild point. NaN for fewer than two x. */
export function leastSquares(points: readonly Point[]): number {
  const meanOf = (pick: (point: Point) => number): number => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [meanOf((point) => point.x), meanOf((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}

/** The median of the slopes between all pairs (Theil, 1950; Sen, 1968): a wild point, or a step at one place, does not move it much. */
export function theilSen(points: readonly Point[]): number {
  const slopes = points
    .flatMap((a, i) => points.slice(i + 1).map((b) => (b.y - a.y) / (b.x - a.x)))
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  const middle = slopes.length >> 1;
  return slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2;
}
