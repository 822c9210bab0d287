import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../load/history-record.ts";
import { ALL_SERVERS, HOSTILE_NAME } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { historyReport } from "../fixture-history.ts";
import type { FixtureHistory } from "../fixture-history.ts";
import { MOST_DRAWN, selectTrends } from "../trend-selection.ts";
import { drawCharts } from "./catalogue.ts";
import type { NamedDrawing } from "./catalogue.ts";
import { renderSvg } from "./render.ts";

const CPU = "trend-server-cpu-us-per-delivery-broadcast";
const step = (at: number, by: number) => (i: number) => (i < at ? 1 : by);

function trendDrawings(history: FixtureHistory | ((server: string) => FixtureHistory), options: FixtureOptions = {}): NamedDrawing[] {
  const { run, summary } = historyReport(history, { trials: 2, ...options });
  return drawCharts(run, summary).filter(({ section }) => section === "trend");
}

async function svgOf(drawing: NamedDrawing): Promise<string> {
  const remarks: string[] = [];
  const svg = await renderSvg(drawing.spec, (remark) => remarks.push(remark));
  expect(remarks).toEqual([]);
  return svg;
}

describe("the trend charts", () => {
  it("are one a figure, each with all servers, and none without a history", () => {
    const drawings = trendDrawings({ count: 12 });
    expect(drawings.map(({ name }) => name)).toEqual([
      CPU,
      "trend-delivery-latency-ms-p50-broadcast",
      "trend-delivery-latency-ms-p99-broadcast",
      "trend-server-uss-bytes-broadcast",
      "trend-bytes-down-per-delivery-broadcast",
    ]);
    for (const { table } of drawings) expect(new Set(table.rows.map(([server]) => server)).size).toBe(3);
    expect(trendDrawings({ count: 2 })).toEqual([]);
  });

  it("say in the caption what changed, and mark it at its commit", async () => {
    const [cpu] = trendDrawings((server) => ({ count: 24, cpu: step(server === "sse-node" ? 14 : 24, 1.2) }));
    expect(cpu!.caption).toMatch(
      /^sse-node's CPU a delivery rose (19|20)\.\d % at 0000015; no change with polling-node and websocket-ws\.$/,
    );
    const svg = await svgOf(cpu!);
    expect(svg).toMatch(/>\+(19|20)\.\d % at 0000015</);
    expect(svg.match(/stroke-dasharray="4,3"/g)).toHaveLength(1);
    const marked = cpu!.table.rows.filter(([, , , , , , , , change]) => change !== undefined);
    expect(marked).toEqual([
      [
        "sse-node",
        "0000015",
        "2026-01-15 00:00",
        expect.any(Number),
        expect.any(Number),
        expect.any(Number),
        2,
        "valid",
        expect.stringMatching(/^\+\d+\.\d %, worse$/),
      ],
    ]);
  });

  it("draw one line and one band a server, and a cross for each invalid point", async () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint => ({ ...point, valid: i % 5 !== 4 });
    const [cpu] = trendDrawings({ count: 20, alter }, { servers: [{ name: "sse-node", transport: "sse", latencyMs: 2 }] });
    expect(cpu!.caption).toBe("No change in CPU a delivery with sse-node. A cross: 4 invalid points, which no change rests on.");
    const svg = await svgOf(cpu!);
    const marks = (kind: string) =>
      svg
        .split(`class="mark-${kind}`)
        .slice(1)
        .map((group) => group.split("</g>")[0]!.match(/<path/g)!.length);
    expect([marks("line"), marks("area"), marks("symbol")]).toEqual([[1], [1], [16, 4]]);
    expect(svg).toContain(">2026-01-01<");
    expect(svg).toContain(">2026-01-20<");
  });

  it("put no label of a change over another, nor over the edge", async () => {
    const cpu = (i: number): number => 1.25 ** Math.floor(i / 4);
    const [drawing] = trendDrawings({ count: 32, cpu }, { servers: ALL_SERVERS.slice(0, 3) });
    const svg = await svgOf(drawing!);
    const shown = svg.match(/>\+\d+\.\d % at \d{7}</g)!.length;
    const rules = svg.match(/stroke-dasharray="4,3"/g)!.length;
    expect(rules).toBeGreaterThan(shown);
    expect(shown).toBeGreaterThanOrEqual(3);
  });

  it("are bounded, and what changed is drawn first", () => {
    const servers = Array.from({ length: 30 }, (_, i) => ({ name: `server-${i}`, transport: "sse", latencyMs: 2 }));
    const { run, summary } = historyReport((server) => ({ count: 24, cpu: step(server === "server-29" ? 12 : 24, 1.3) }), { servers });
    const { drawn, left } = selectTrends(run, summary);
    expect([drawn.length, left]).toEqual([MOST_DRAWN, 30 * 5 - MOST_DRAWN]);
    expect(drawn.filter(({ changes }) => changes.length > 0).map(({ series }) => series.server)).toEqual(["server-29"]);
    expect(selectTrends(run, summary, 1).drawn.map(({ series }) => series.server)).toEqual(["server-29"]);
  });

  it("show hostile names as text", async () => {
    const servers = [{ name: HOSTILE_NAME, transport: HOSTILE_NAME, latencyMs: 2 }];
    const alter = ({ commit: _commit, ...point }: HistoryPoint): HistoryPoint => ({ ...point, run: HOSTILE_NAME });
    for (const drawing of trendDrawings({ count: 24, cpu: step(12, 2), alter }, { servers })) {
      const svg = await svgOf(drawing);
      expect(svg).not.toContain("<img");
      expect(svg).toContain("&lt;img");
      // oxlint-disable-next-line no-control-regex
      expect(svg).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
    }
  });
});
