/** Quantile of Student's t for `p` in [0.5, 1), by bisection of its distribution function; good to nine digits. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (tCumulative(high, degreesOfFreedom) < p) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (tCumulative(middle, degreesOfFreedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(T ≤ t) for t ≥ 0 and a whole number of degrees of freedom: the finite sums 26.7.3 and 26.7.4 of Abramowitz & Stegun.
 */
function tCumulative(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const cosine = Math.cos(angle);
  const odd = degreesOfFreedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degreesOfFreedom - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const inside = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 + inside) / 2;
}
