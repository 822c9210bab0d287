/** The figures of `bench:hotpath` as a table in Markdown, which a terminal shows as well, and two sentences. */
import { GOAL_NS, PAYLOAD_BYTES } from "../../load/hotpath.ts";
import { markdownTable } from "../markdown-table.ts";
import type { Cost, TrialCost } from "../../load/hotpath.ts";
import type { Spread } from "../../load/spread.ts";

const HEAD = ["wire format", "reads", "parse", "envelope", "ledger + histograms", "together", `< ${GOAL_NS} ns`];

/** A row a format and fill: ns of CPU for each delivery, the median, with the least and the most of the rounds. */
export function formatCosts(costs: readonly Cost[]): string {
  const rows = costs.map(({ format, fill, parse, envelope, ledger, together }) => [
    format,
    fill,
    text(parse),
    text(envelope),
    text(ledger),
    text(together),
    together.median < GOAL_NS ? "yes" : "no",
  ]);
  return `ns of CPU for each delivery of ${PAYLOAD_BYTES} B: median (least–most)\n\n${markdownTable(HEAD, rows)}`;
}

function text({ median, min, max }: Spread): string {
  return `${Math.round(median)} (${Math.round(min)}–${Math.round(max)})`;
}

/** What the trial's generator spent on a delivery, and how much of it the hot path is. */
export function formatShare(costs: readonly Cost[], { server, deliveries, nsPerDelivery, doubts }: TrialCost): string {
  // The trial is a broadcast.
  const shares = costs
    .filter(({ format, fill }) => format === "WebSocket" && fill !== "own")
    .map(({ together }) => (together.median / nsPerDelivery) * 100);
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map(Math.round);
  return [
    `A trial on ${server} had ${deliveries} deliveries, at ${Math.round(nsPerDelivery)} ns of CPU each in the processes that hold the subscribers:`,
    `${least === most ? least : `${least}–${most}`} % of that is the hot path; the rest is reads, their system calls included, and whatever else those processes do.`,
    ...doubts.map((doubt) => `Doubtful: ${doubt}`),
  ].join("\n");
}
