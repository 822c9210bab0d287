/** Changes in words: `+12 %`, `▲ worse`, `24 trials a side`. */
import type { Change } from "./comparison.ts";
import { figureText, plainNumber } from "./figure-text.ts";

/** A ratio as a change in percent, in as many digits as `width`, that of its interval, bears out; from twice and up as a factor. */
export function ratioText(ratio: number, width = 0): string {
  if (ratio >= 2) return `×${plainNumber(Number(ratio.toPrecision(3)))}`;
  const change = (ratio - 1) * 100;
  const decimals = Math.min(2, Math.max(0, width > 0 ? -Math.floor(Math.log10((width * 100) / 3)) : Math.abs(change) < 10 ? 1 : 0));
  const digits = Math.abs(change).toFixed(decimals);
  const sign = Number(digits) === 0 ? "" : change < 0 ? "−" : "+";
  return `${sign}${Number(digits) === 0 ? "0" : digits} %`;
}

/** The change of a metric; `–` where it has no ratio. */
export function changeText({ ratio, base }: Change): string {
  if (ratio === undefined) return base?.total === 0 ? "from none" : "–";
  return ratioText(ratio.value, widthOf(ratio));
}

/** `−3 % to +5 %`; empty where there is no interval, or one of no width. */
export function intervalText({ ratio }: Change): string {
  if (ratio?.low === undefined) return "";
  const width = widthOf(ratio);
  const [low, high] = [ratioText(ratio.low, width), ratio.high === undefined ? "any" : ratioText(ratio.high, width)];
  return low === high ? "" : `${low} to ${high}`;
}

function widthOf({ low, high }: NonNullable<Change["ratio"]>): number {
  return low === undefined || high === undefined ? 0 : high - low;
}

/** What a metric was in a run: the median, of counts all of them. */
export function sideText(side: Change["base"]): string {
  if (side === undefined) return "–";
  return side.total === undefined ? figureText(side).value : plainNumber(side.total);
}

/** The arrow tells which way the value went, the word what that means; `~` where it cannot be told. */
export function verdictText({ verdict, ratio }: Change): string {
  if (verdict === "unsure") return "~";
  if (verdict === "same") return "same";
  return `${ratio === undefined || ratio.value > 1 ? "▲" : "▼"} ${verdict}`;
}

/** How many trials of each run would tell what is not sure; empty where that is not to be said. */
export function trialsText({ trialsToSettle }: Change): string {
  if (trialsToSettle === undefined) return "";
  return trialsToSettle === "none" ? "no number" : plainNumber(trialsToSettle);
}

/** The no-change band: `−2.9 % to +3.0 %`. */
export function bandText(band: number): string {
  return band === 0 ? "0 %" : `${ratioText(1 / (1 + band))} to ${ratioText(1 + band)}`;
}
