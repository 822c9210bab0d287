/** The figures of `bench:growth` as a table in Markdown, which a terminal shows as well. */
import { markdownTable } from "../markdown-table.ts";
import type { Took } from "./watched-process.ts";

/** What was run, and how much of the one thing that grows it had. */
export interface Growth {
  /** `connections`, `deliveries a second`, … */
  readonly of: string;
  readonly size: number;
  readonly took: Took;
  /** Of the report's page. */
  readonly pageBytes: number;
}

/** A row a size; the last columns are by which power of the size time and memory grew from the row above: 1 is linear. */
export function formatGrowth(rows: readonly Growth[]): string {
  const head = [
    "what grows",
    "size",
    "time, s",
    "CPU of the coordinator, s",
    "its share of a core",
    "its memory, MB",
    "report, MB",
    "power of CPU",
    "power of memory",
  ];
  const body = rows.map(({ of, size, took, pageBytes }, i) => {
    const before = rows[i - 1]?.of === of ? rows[i - 1] : undefined;
    const power = (pick: (took: Took) => number): string =>
      before === undefined ? "" : (Math.log(pick(took) / pick(before.took)) / Math.log(size / before.size)).toFixed(2);
    return [
      of,
      size.toLocaleString("en-US"),
      (took.wallMs / 1000).toFixed(1),
      (took.cpuMs / 1000).toFixed(1),
      `${((took.cpuMs / took.wallMs) * 100).toFixed(1)} %`,
      (took.peakBytes / 1e6).toFixed(0),
      (pageBytes / 1e6).toFixed(2),
      power(({ cpuMs }) => cpuMs),
      power(({ peakBytes }) => peakBytes),
    ];
  });
  return markdownTable(head, body);
}
