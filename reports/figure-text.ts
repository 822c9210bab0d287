/** Numbers as a person reads them: as many digits as their interval bears out. */
import type { Spread } from "./statistics.ts";

/** One figure in text; `low` and `high` are absent where there is no interval. */
export interface FigureText {
  readonly value: string;
  readonly low?: string;
  readonly high?: string;
}

/** Writes a spread divided by `divisor`, in as many digits as its width bears out; one trial gets three. */
export function figureText(spread: Spread, divisor = 1): FigureText {
  const value = spread.median / divisor;
  if (spread.interval === "none") return { value: plainNumber(value) };
  const low = spread.low / divisor;
  const high = spread.high / divisor;
  const whole = [value, low, high].every(Number.isInteger);
  const decimals = whole ? 0 : decimalsFor(value, high - low);
  return { value: grouped(value, decimals), low: grouped(low, decimals), high: grouped(high, decimals) };
}

/** Three significant digits, all digits of an integer, thousands grouped. */
export function plainNumber(value: number): string {
  return grouped(value, Number.isInteger(value) ? 0 : decimalsFor(value, 0));
}

/** `×1.3`: how many times worse than the best; empty where it is less than half a percent. */
export function factorText(factor: number): string {
  if (factor < 1.005) return "";
  return `×${factor < 9.95 ? factor.toFixed(factor < 1.095 ? 2 : 1) : plainNumber(Math.round(factor))}`;
}

/** `3 trials` or `1 trial`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count, 0)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The last digit shown is a third of the width at most, two digits of the value are shown at least and four at most. */
function decimalsFor(value: number, width: number): number {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const wanted = width > 0 ? Math.max(-Math.floor(Math.log10(width / 3)), 1 - magnitude) : 2 - magnitude;
  return Math.min(Math.max(wanted, 0), Math.max(0, Math.min(4, 3 - magnitude)));
}

/** By the digits behind the point: to make one takes longer than to use it a hundred times. */
const formats = new Map<number, Intl.NumberFormat>();

function grouped(value: number, decimals: number): string {
  const format =
    formats.get(decimals) ?? new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formats.set(decimals, format);
  const text = format.format(value);
  return text === "-0" ? "0" : text;
}
