/** A poller that asks as soon as it is answered: its throughput is told, its latency never compared, and every output says so. */
import { describe, expect, it } from "vitest";
import { CLOSED_LOOP } from "../load/measurement.ts";
import type { Measurement } from "../load/measurement.ts";
import { fillColumns } from "./column.ts";
import { fixtureReport, only } from "./fixture.ts";
import { formatMarkdown } from "./formats/markdown.ts";
import { formatTerminal } from "./formats/terminal.ts";
import { renderPage } from "./page/page.tsx";
import { judge } from "./verdict.ts";

const LABEL = "closed loop: maximum throughput; latency not comparable";

/** Would be the fastest of all, if its latency could be compared. */
function closedLoop(measurement: Measurement): Measurement {
  const reason = { code: CLOSED_LOOP, severity: "warning", message: LABEL, advice: "give a pollInterval" } as const;
  const metrics = { ...measurement.metrics, "delivery_latency_ms.p99": 0.1, request_rate: 12_340 };
  return { ...measurement, metrics, validity: { valid: true, reasons: [reason] } };
}

const { run, summary } = fixtureReport({ alter: only("polling-node", closedLoop) });

describe("a closed loop", () => {
  it("is told with its throughput, apart from those that are ranked", () => {
    const { text } = judge(summary).answers[0]!;
    expect(text).toMatch(/^(sse-node|websocket-ws) has the lowest p99/);
    expect(text).toMatch(/; polling-node in a closed loop: 12,340 requests\/s \(maximum throughput; latency not comparable\)$/);
  });

  it("has no factor where latencies are compared, and gives none to others", () => {
    const columns = fillColumns(summary.cells);
    const factors = (key: string) => columns.find(({ column }) => column.key === key)!.values.map((value) => value?.factor);
    expect(factors("p99")[0]).toBeUndefined();
    expect(Math.min(...factors("p99").flatMap((factor) => factor ?? []))).toBe(1);
    expect(factors("memory").every((factor) => factor !== undefined)).toBe(true);
  });

  it("is labelled in the terminal, in Markdown and on the page", async () => {
    const terminal = formatTerminal(summary, { color: false, width: 160 });
    expect(terminal).toContain(`polling-node · broadcast: ${LABEL}`);
    expect(terminal).toMatch(/^polling-node \(closed loop\) /m);
    const markdown = formatMarkdown(summary);
    expect(markdown).toContain(`**polling-node**, broadcast: ${LABEL}`);
    expect(markdown).toContain("| polling-node (closed loop) |");
    const page = await renderPage(run, summary);
    expect(page.includes(`polling-node<small>${LABEL}</small>`)).toBe(true);
    expect(page.includes(`<td>${LABEL}</td>`)).toBe(true);
  });

  it("is drawn beside the others, and ranked among none of them", async () => {
    const page = await renderPage(run, summary);
    expect(/[\w-]+: p99 [\d.]+ ms, lowest of \d/.exec(page)?.[0]).toMatch(/^(sse-node|websocket-ws): .* lowest of 2$/);
    expect(page.includes(">0.100 · closed loop<")).toBe(true);
  });
});
