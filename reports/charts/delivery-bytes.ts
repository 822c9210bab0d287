/** What goes over the wire for one delivery: payload, what is around it on the way down, and what goes up. */
import type { TopLevelSpec } from "vega-lite";
import { factorText, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { rowsWidth } from "./range-rows.ts";
import { linearScale } from "./scale.ts";
import { INK, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface BytesRow {
  readonly look: ServerLook;
  /** Of the payload as it came, at most what was published: compressed it is less. */
  readonly payload: number;
  /** Framing and headers. */
  readonly around: number;
  /** Absent where it was not measured. */
  readonly up?: number;
  readonly total: number;
}

export const deliveryBytes: Chart = {
  name: "delivery-bytes",
  draw(data) {
    const rows = bytesRows(data);
    if (rows.length === 0) return undefined;
    return { caption: bytesCaption(rows), spec: bytesSpec(rows), table: table(rows) };
  },
};

/** Medians over the trials, the leanest first. */
export function bytesRows({ scenario, servers }: ScenarioData): BytesRow[] {
  const rows = servers.flatMap(({ look, cell }): BytesRow[] => {
    const down = cell.metrics["bytes_down_per_delivery"]?.median;
    const up = cell.metrics["bytes_up_per_delivery"]?.median;
    if (down === undefined) return [];
    const payload = Math.min(down, scenario.payloadBytes);
    return [{ look, payload, around: down - payload, ...(up === undefined ? {} : { up }), total: down + (up ?? 0) }];
  });
  return rows.toSorted((a, b) => a.total - b.total);
}

/** The payload grey, what is around it in the server's hue, the way up pale. */
const PARTS = [
  { part: "payload", opacity: 1 },
  { part: "around", opacity: 1 },
  { part: "up", opacity: 0.4 },
] as const;

export function bytesSpec(rows: readonly BytesRow[]): TopLevelSpec {
  const domain = rows.map(({ look }) => look.server);
  const width = rowsWidth(domain, 150);
  const scale = linearScale(rows.map(({ total }) => total));
  const x = {
    field: "from",
    type: "quantitative",
    scale: { domain: scale.domain, nice: false },
    axis: {
      title: "bytes for one delivery: grey payload, full colour framing and headers down, pale up",
      values: scale.ticks,
      labelExpr: "format(datum.value, ',~r')",
      domain: false,
      ticks: false,
    },
  };
  const y = {
    field: "server",
    type: "nominal",
    sort: domain,
    axis: { title: null, domain: false, ticks: false, grid: false, labelColor: INK.fg.color, labelLimit: 220, labelFontSize: 12 },
  };
  const color = { field: "server", type: "nominal", legend: null, scale: { domain, range: rows.map(({ look }) => look.color) } };
  const edge = { condition: { test: "datum.valid", value: [1, 0] }, value: [4, 3] };
  return specification({
    width,
    height: { step: 22 },
    layer: [
      ...PARTS.flatMap(({ part, opacity }) => {
        const values = rows.flatMap(({ look, payload, around, up = 0 }) => {
          const from = part === "payload" ? 0 : part === "around" ? payload : payload + around;
          const length = part === "payload" ? payload : part === "around" ? around : up;
          return length <= 0 ? [] : [{ server: look.server, from, to: from + length, valid: look.invalid !== true }];
        });
        if (values.length === 0) return [];
        return [
          {
            data: { values },
            mark: {
              type: "bar",
              height: 12,
              fillOpacity: opacity,
              strokeWidth: 1,
              ...(part === "payload" ? { color: INK.muted.color, fillOpacity: 0.35 } : {}),
            },
            encoding: {
              x,
              x2: { field: "to" },
              y,
              ...(part === "payload" ? {} : { fill: color, stroke: color }),
              strokeDash: edge,
            },
          },
        ];
      }),
      {
        data: { values: rows.map((row) => ({ server: row.look.server, total: row.total, label: rowLabel(row) })) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 6, color: INK.fg.color },
        encoding: { x: { ...x, field: "total" }, y, text: { field: "label" } },
      },
    ],
  });
}

function rowLabel({ look, total, up }: BytesRow): string {
  return [bytes(total), ...(up === undefined ? ["up not measured"] : []), ...(look.invalid === true ? ["invalid"] : [])].join(" · ");
}

export function bytesCaption(rows: readonly BytesRow[]): string {
  const valid = rows.filter(({ look }) => look.invalid !== true);
  const [least] = valid;
  const most = valid.at(-1);
  if (least === undefined || most === undefined) return NO_VALID_CELL;
  const parts = ({ payload, around, up }: BytesRow): string =>
    `${bytes(around)} B around a payload of ${bytes(payload)}${up === undefined ? "" : `, ${bytes(up)} up`}`;
  const first = `${least.look.server} needs the least for a delivery, ${bytes(least.total)} B: ${parts(least)}`;
  if (least === most) return `${least.look.server} needs ${bytes(least.total)} B for a delivery: ${parts(least)}.`;
  return `${first}; ${most.look.server} the most, ${bytes(most.total)} B, ${factorText(most.total / least.total).slice(1) || "1"} times as much.`;
}

/** A tenth of a byte is as much as a mean over deliveries tells. */
function bytes(value: number): string {
  return value < 100 ? String(Math.round(value * 10) / 10) : plainNumber(Math.round(value));
}

function table(rows: readonly BytesRow[]): DataTable {
  return {
    header: ["server", "payload B", "framing and headers B", "up B", "all B", "valid"],
    rows: rows.map(({ look, payload, around, up, total }) => [
      look.server,
      payload,
      around,
      up,
      total,
      look.invalid === true ? "no" : "yes",
    ]),
  };
}
