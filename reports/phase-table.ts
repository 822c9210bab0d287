/** The phases of a scenario on every server: the table of the page, of the terminal and of Markdown. */
import { figureText, plainNumber } from "./figure-text.ts";
import type { Cell, PhaseSummary } from "./summary.ts";

export interface PhaseColumn {
  readonly metric: string;
  readonly header: string;
  /** The header where room is scarce. */
  readonly short: string;
  readonly unit: string;
  /** What a value is divided by to be in `unit`. */
  readonly divisor: number;
}

const MIB = 2 ** 20;

const COLUMNS: readonly PhaseColumn[] = [
  { metric: "publish_rate", header: "published", short: "publ.", unit: "1/s", divisor: 1 },
  { metric: "delivery_latency_ms.p50", header: "p50", short: "p50", unit: "ms", divisor: 1 },
  { metric: "delivery_latency_ms.p99", header: "p99", short: "p99", unit: "ms", divisor: 1 },
  { metric: "messages_delivered", header: "delivered", short: "delivered", unit: "", divisor: 1 },
  { metric: "messages_lost", header: "lost", short: "lost", unit: "", divisor: 1 },
  { metric: "delivery_backlog", header: "backlog at its end", short: "backlog", unit: "", divisor: 1 },
  // µs of one delivery are ms of a thousand.
  { metric: "server_cpu_us_per_delivery", header: "CPU / 1,000", short: "CPU/1,000", unit: "ms", divisor: 1 },
  { metric: "server_uss_bytes", header: "memory (USS)", short: "USS", unit: "MiB", divisor: MIB },
];

export interface PhaseTable {
  /** Those that have a value somewhere. */
  readonly columns: readonly PhaseColumn[];
  readonly rows: readonly PhaseRow[];
}

export interface PhaseRow {
  readonly server: string;
  readonly valid: boolean;
  readonly phase: string;
  /** Messages due a second: `50`, or `50–500` of a ramp. */
  readonly rate: string;
  /** One a column; – where there is none. */
  readonly values: readonly string[];
}

/** Absent where no cell has phases. */
export function phaseTable(cells: readonly Cell[]): PhaseTable | undefined {
  const phases = cells.flatMap((cell) => (cell.phases ?? []).map((phase) => ({ cell, phase })));
  if (phases.length === 0) return undefined;
  const columns = COLUMNS.filter(({ metric }) => phases.some(({ phase }) => phase.metrics[metric] !== undefined));
  return {
    columns,
    rows: phases.map(({ cell, phase }) => ({
      server: cell.server,
      valid: cell.validity.valid,
      phase: phase.name,
      rate: rateText(phase),
      values: columns.map(({ metric, divisor }) => valueText(phase, metric, divisor)),
    })),
  };
}

function rateText({ startRate, endRate }: PhaseSummary): string {
  return startRate === endRate ? plainNumber(startRate) : `${plainNumber(startRate)}–${plainNumber(endRate)}`;
}

function valueText({ metrics }: PhaseSummary, metric: string, divisor: number): string {
  const summary = metrics[metric];
  return summary === undefined ? "–" : figureText(summary, divisor).value;
}
