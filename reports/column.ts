/** The columns by which servers are compared: the hero table of the page, of the terminal and of Markdown. */
import { factorText } from "./figure-text.ts";
import { isClosedLoop } from "./summary.ts";
import type { Cell, MetricSummary } from "./summary.ts";

export interface Column {
  readonly key: string;
  /** Metrics that can fill it, the best first; all cells of a table take the same one. */
  readonly metrics: readonly (readonly [metric: string, header: string, short: string])[];
  readonly unit: string;
  /** What a value is divided by to be in `unit`. */
  readonly divisor: number;
  /** The suite sets it, not the server: nobody is better at it. */
  readonly given?: true;
}

const MIB = 2 ** 20;

export const COLUMNS: readonly Column[] = [
  { key: "p50", metrics: [["delivery_latency_ms.p50", "p50", "p50"]], unit: "ms", divisor: 1 },
  { key: "p99", metrics: [["delivery_latency_ms.p99", "p99", "p99"]], unit: "ms", divisor: 1 },
  { key: "deliveries", metrics: [["delivery_rate", "deliveries", "deliveries"]], unit: "1/s", divisor: 1, given: true },
  // µs of one delivery are ms of a thousand.
  { key: "cpu", metrics: [["server_cpu_us_per_delivery", "CPU / 1,000", "CPU/1,000"]], unit: "ms", divisor: 1 },
  {
    key: "memory",
    metrics: [
      ["server_uss_bytes", "memory (USS)", "USS"],
      ["server_pss_bytes", "memory (PSS)", "PSS"],
      ["server_rss_bytes", "memory (RSS)", "RSS"],
    ],
    unit: "MiB",
    divisor: MIB,
  },
  {
    key: "connection-memory",
    metrics: [["server_memory_per_connection_bytes", "memory / connection", "mem/conn"]],
    unit: "KiB",
    divisor: 1024,
  },
  { key: "descriptors", metrics: [["server_fds", "descriptors", "fds"]], unit: "", divisor: 1 },
  { key: "bytes", metrics: [["bytes_down_per_delivery", "bytes / delivery", "bytes"]], unit: "B", divisor: 1 },
  { key: "lost", metrics: [["messages_lost", "lost", "lost"]], unit: "", divisor: 1 },
];

/** A column as it stands in one table, with a row for each cell. */
export interface FilledColumn {
  readonly column: Column;
  readonly header: string;
  /** The header where room is scarce. */
  readonly short: string;
  readonly values: readonly (ColumnValue | undefined)[];
}

export interface ColumnValue {
  readonly summary: MetricSummary;
  /**
   * Times the least of the valid cells, 1 for the least itself; absent for an invalid cell, for the only valid one, where the least is
   * 0, and for what the suite sets.
   */
  readonly factor?: number;
}

/** The columns that have a value in some cell; those without any are left out. */
export function fillColumns(cells: readonly Cell[], columns: readonly Column[] = COLUMNS): FilledColumn[] {
  return columns.flatMap((column) => {
    const reach = column.metrics.map(([metric]) => cells.filter((cell) => cell.metrics[metric] !== undefined).length);
    const widest = Math.max(...reach);
    if (widest === 0) return [];
    const [metric, header, short] = column.metrics[reach.indexOf(widest)]!;
    const best = column.given ? undefined : bestMedian(cells, metric);
    const values = cells.map((cell) => valueOf(cell, metric, best));
    return [{ column, header, short, values }];
  });
}

/** Whether some value has a factor in text, which then wants explaining. */
export function showsFactors(columns: readonly FilledColumn[]): boolean {
  return columns.some(({ values }) => values.some((value) => value?.factor !== undefined && factorText(value.factor) !== ""));
}

/** The least median among the cells that can be compared; one alone is not the best of anything. */
export function bestMedian(cells: readonly Cell[], metric: string): number | undefined {
  const medians = cells.filter((cell) => isComparable(cell, metric)).flatMap((cell) => cell.metrics[metric]?.median ?? []);
  return medians.length < 2 ? undefined : Math.min(...medians);
}

function isComparable(cell: Cell, metric: string): boolean {
  return cell.validity.valid && !(isClosedLoop(cell) && metric.includes("latency"));
}

function valueOf(cell: Cell, metric: string, best: number | undefined): ColumnValue | undefined {
  const summary = cell.metrics[metric];
  if (summary === undefined) return undefined;
  return isComparable(cell, metric) && best !== undefined && best > 0 ? { summary, factor: summary.median / best } : { summary };
}
