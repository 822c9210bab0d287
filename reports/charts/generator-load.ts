/** Event-loop utilisation of the processes that received the load, against the limits of METHOD R6. */
import type { TopLevelSpec } from "vega-lite";
import type { GeneratorProcess } from "../../load/measurement.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { rowsWidth } from "./range-rows.ts";
import { FAMILIES, INK, specification } from "./style.ts";

/** Above it the probes' figures are invalid, and those of other workers inflated. */
const BUSY = 0.5;
/** Above it a worker makes the whole cell invalid. */
const SATURATED = 0.8;

/** Those whose event loop tells their load: the publisher blocks on purpose while it waits, and its lateness is the publish lag. */
type Role = Exclude<GeneratorProcess["role"], "publisher">;

const ROLES: Readonly<Record<Role, { readonly shape: string; readonly color: string }>> = {
  probes: { shape: "circle", color: FAMILIES.websocket.color },
  subscribers: { shape: "square", color: FAMILIES["long-polling"].color },
};

export interface LoadRow {
  readonly server: string;
  readonly role: Role;
  /** Of the busiest process of that role in any complete trial, 0 to 1. */
  readonly utilisation: number;
}

export const generatorLoad: Chart = {
  name: "generator-load",
  draw(data) {
    const rows = generatorLoadRows(data);
    if (rows.length === 0) return undefined;
    return { caption: generatorLoadCaption(rows), spec: generatorLoadSpec(rows), table: table(rows) };
  },
};

export function generatorLoadRows({ servers }: ScenarioData): LoadRow[] {
  return servers.flatMap(({ look, complete }) => {
    const processes = complete.flatMap(({ generator }) => generator);
    return (Object.keys(ROLES) as Role[]).flatMap((role) => {
      const loads = processes.filter((process) => process.role === role).flatMap(({ elu }) => elu ?? []);
      return loads.length === 0 ? [] : [{ server: look.server, role, utilisation: Math.max(...loads) }];
    });
  });
}

export function generatorLoadSpec(rows: readonly LoadRow[]): TopLevelSpec {
  const roles = Object.keys(ROLES);
  const styles = Object.values(ROLES);
  const x = {
    field: "utilisation",
    type: "quantitative",
    scale: { domain: [0, 1] },
    axis: {
      title: "event-loop utilisation of the busiest process",
      format: "~%",
      values: [0, 0.25, 0.5, 0.75, 1],
      domain: false,
      ticks: false,
    },
  };
  const y = {
    field: "server",
    type: "nominal",
    sort: [...new Set(rows.map(({ server }) => server))],
    axis: { title: null, domain: false, ticks: false, labelColor: INK.fg.color, labelLimit: 220, labelFontSize: 12 },
  };
  const limits = [
    { x: BUSY, label: "probes must stay below" },
    { x: SATURATED, label: "every worker must stay below" },
  ];
  return specification({
    width: rowsWidth(rows.map(({ server }) => server)),
    height: { step: 24 },
    data: { values: rows },
    layer: [
      {
        data: { values: limits },
        mark: { type: "rule", strokeDash: [3, 3], color: INK.alarm.color },
        encoding: { x: { ...x, field: "x" } },
      },
      {
        data: { values: limits },
        mark: { type: "text", align: "center", baseline: "bottom", fontSize: 10, color: INK.alarm.color },
        encoding: { x: { ...x, field: "x" }, y: { value: -3 }, text: { field: "label" } },
      },
      {
        mark: { type: "point", size: 60, strokeWidth: 1.75, filled: false },
        encoding: {
          x,
          y,
          color: {
            field: "role",
            type: "nominal",
            scale: { domain: roles, range: styles.map(({ color }) => color) },
            legend: { title: null, orient: "right", labelColor: INK.fg.color },
          },
          shape: { field: "role", type: "nominal", scale: { domain: roles, range: styles.map(({ shape }) => shape) } },
        },
      },
    ],
  });
}

export function generatorLoadCaption(rows: readonly LoadRow[]): string {
  const probes = busiest(rows.filter(({ role }) => role === "probes"));
  const workers = busiest(rows.filter(({ role }) => role === "subscribers"));
  const percent = (row: LoadRow) => `${Math.round(row.utilisation * 100)} % under ${row.server}`;
  const parts = [
    ...(probes === undefined ? [] : [`The probes were busy ${percent(probes)} at most (limit ${BUSY * 100} %)`]),
    ...(workers === undefined ? [] : [`the other subscribers ${percent(workers)} (${BUSY * 100} % inflates, ${SATURATED * 100} % spoils)`]),
  ];
  return parts.length === 0 ? "How busy the generator was." : `${parts.join("; ")}.`;
}

function busiest(rows: readonly LoadRow[]): LoadRow | undefined {
  return rows.toSorted((a, b) => b.utilisation - a.utilisation)[0];
}

function table(rows: readonly LoadRow[]): DataTable {
  return { header: ["server", "role", "utilisation"], rows: rows.map(({ server, role, utilisation }) => [server, role, utilisation]) };
}
