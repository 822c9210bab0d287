/** The figures of `bench:generator` as a table in Markdown, which a terminal shows as well. */
import { QUANTITIES } from "../../load/generator-study.ts";
import type { Standing } from "../../load/generator-study.ts";
import type { Spread } from "../../load/spread.ts";
import { markdownTable } from "../markdown-table.ts";

/** What is aimed at, as the ratio of the lean client to the other; where it is `lower` at most, else at least. */
const GOALS: readonly (Pick<Standing, "transport" | "quantity" | "other"> & { readonly ratio: number })[] = [
  { transport: "websocket", quantity: "sparse", other: "ws", ratio: 0.7 },
  { transport: "sse", quantity: "sparse", other: "undici", ratio: 0.65 },
  { transport: "websocket", quantity: "memory", other: "ws", ratio: 0.5 },
  { transport: "sse", quantity: "connects", other: "undici", ratio: 5 },
  { transport: "polling", quantity: "polls", other: "autocannon", ratio: 1.5 },
  { transport: "websocket", quantity: "echoes", other: "ws", ratio: 1.3 },
];

/** Before the first connection. */
export const WORKER_GOAL_BYTES = 55e6;

const HEAD = ["", "transport", "lean", "beside", "", "lean / other", "goal", ""];

/** Medians of the rounds; the ratio, which is taken round by round, with its least and most. */
export function formatStandings(standings: readonly Standing[]): string {
  const rows = (Object.keys(QUANTITIES) as Standing["quantity"][]).flatMap((quantity) =>
    standings.filter((standing) => standing.quantity === quantity).map(row),
  );
  return markdownTable(HEAD, rows);
}

function row({ transport, quantity, lean, other, theirs, ratio }: Standing): string[] {
  const { label, unit, better } = QUANTITIES[quantity];
  const goal = GOALS.find((each) => each.transport === transport && each.quantity === quantity && each.other === other);
  const met = goal !== undefined && (better === "lower" ? ratio.median <= goal.ratio : ratio.median >= goal.ratio);
  return [
    `${label}, ${unit}`,
    transport,
    digits(lean.median),
    other,
    digits(theirs.median),
    `${digits(ratio.median)} (${digits(ratio.min)}–${digits(ratio.max)})`,
    goal === undefined ? "" : `${better === "lower" ? "≤" : "≥"} ${goal.ratio.toFixed(2)}`,
    goal === undefined ? "" : met ? "met" : "not met",
  ];
}

/** An idle worker's memory, over the starts. */
export function formatWorker({ median, min, max }: Spread): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const verdict = median <= WORKER_GOAL_BYTES ? "met" : "not met";
  return `A worker's process before its first connection: ${mb(median)} MB (${mb(min)}–${mb(max)}); at most ${WORKER_GOAL_BYTES / 1e6} MB wanted: ${verdict}.`;
}

/** Three of them, or all before the point. */
function digits(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
