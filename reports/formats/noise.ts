/** The noise of a class of machine, for a terminal. */
import { createColors } from "picocolors";
import type { NoiseRecord } from "../../load/noise-record.ts";
import type { Sight } from "../gate-noise.ts";
import { changeText, shareText } from "../gate-text.ts";
import { aligned, GAP } from "./aligned.ts";
import { printable } from "./escape.ts";
import type { TerminalOptions } from "./terminal.ts";

const HEADER = ["server", "metric", "noise of a round", "smallest change seen", "rounds for the limit", "limit"] as const;

/** A line a metric; those whose limit cannot be seen in the rounds that were made are marked, with a word. */
export function formatNoise(record: NoiseRecord, sights: readonly Sight[], rounds: number, { color }: TerminalOptions): string {
  const paint = createColors(color);
  const rows = sights.map(({ server, metric, noise, limit, detectable, roundsNeeded }) => [
    printable(server),
    metric,
    shareText(noise.paired),
    changeText(detectable),
    Number.isFinite(roundsNeeded) ? String(roundsNeeded) : "none would do",
    detectable > limit ? `! ${shareText(limit)} is below the noise floor` : `✓ ${shareText(limit)}`,
  ]);
  const columns = HEADER.map((title, at) => aligned([title, ...rows.map((row) => row[at]!)], at < 2 || at === 5 ? "left" : "right"));
  const line = (at: number): string =>
    columns
      .map((column) => column[at]!)
      .join(GAP)
      .trimEnd();
  return [
    paint.bold(line(0)),
    ...sights.map(({ detectable, limit }, at) => (detectable > limit ? paint.yellow(line(at + 1)) : line(at + 1))),
    "",
    `${printable(record.machine)}, ${record.mode}: seen in ${rounds} rounds with 95 % confidence on either side, beside a change that is allowed anyway.`,
    "",
  ].join("\n");
}
