/** One figure of pushbench beside the same figure of a tool that nobody here wrote; pure. */
import { markdownTable } from "../markdown-table.ts";

export interface Row {
  readonly figure: string;
  readonly unit: string;
  /** The program, and what of it was read. */
  readonly tool: string;
  readonly ours?: number;
  readonly theirs?: number;
  readonly allowed: string;
  /** `undecided`: they differ, but the measurement itself says that it is not to be believed. */
  readonly verdict: "agrees" | "differs" | "undecided" | "missing";
  /** What to install, or what the measurement says against itself. */
  readonly note?: string;
}

/** What a row is about. */
export type Compared = Pick<Row, "figure" | "unit" | "tool">;

/**
 * How far two figures may lie apart. `within`: by `share` of the other tool's or by `absolute`, whichever is more; neither: not at all.
 * `atLeast`: ours is not below that share of theirs, and may be above it by any amount.
 */
export type Bound = { readonly within: { readonly share?: number; readonly absolute?: number } } | { readonly atLeast: number };

export const EXACT: Bound = { within: {} };

/** Both figures were had; `doubt` is what the measurement says against itself. What is no number differs from everything. */
export function compare(compared: Compared, ours: number, theirs: number, bound: Bound, doubt?: string): Row {
  const row = { ...compared, ours, theirs, allowed: describe(bound, compared.unit) };
  if (holds(ours, theirs, bound)) return { ...row, verdict: "agrees" };
  return doubt === undefined ? { ...row, verdict: "differs" } : { ...row, verdict: "undecided", note: doubt };
}

/** The tool is not here. */
export function missing(compared: Compared, install: string): Row {
  return { ...compared, allowed: "", verdict: "missing", note: `missing: ${install}` };
}

function holds(ours: number, theirs: number, bound: Bound): boolean {
  if ("atLeast" in bound) return ours >= bound.atLeast * theirs;
  const { share = 0, absolute = 0 } = bound.within;
  return Math.abs(ours - theirs) <= Math.max(share * Math.abs(theirs), absolute);
}

function describe(bound: Bound, unit: string): string {
  if ("atLeast" in bound) return `≥ ${percent(bound.atLeast)} of it`;
  const { share, absolute } = bound.within;
  const parts = [
    ...(share === undefined ? [] : [`± ${percent(share)}`]),
    ...(absolute === undefined ? [] : [`± ${digits(absolute)} ${unit}`.trimEnd()]),
  ];
  return parts.length === 0 ? "none" : parts.join(" or ");
}

const HEAD = ["figure", "pushbench", "other tool", "", "difference", "allowed", "verdict"];

/** The rows as a Markdown table, its columns in line. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ figure, unit, tool, ours, theirs, allowed, verdict, note }) => [
    unit === "" ? figure : `${figure}, ${unit}`,
    ours === undefined ? "" : digits(ours),
    tool,
    theirs === undefined ? "" : digits(theirs),
    ours === undefined || theirs === undefined ? "" : difference(ours, theirs),
    allowed,
    verdict === "missing" ? note! : [verdict, ...(note === undefined ? [] : [note])].join(": "),
  ]);
  return markdownTable(HEAD, cells);
}

function difference(ours: number, theirs: number): string {
  if (ours === theirs) return "0";
  const sign = ours > theirs ? "+" : "−";
  return theirs === 0 ? `${sign}${digits(Math.abs(ours))}` : `${sign}${percent(Math.abs(ours / theirs - 1))}`;
}

/** Counts whole, for they may have to be the same; four digits of what is measured. */
function digits(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** In the middle of an odd number of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
