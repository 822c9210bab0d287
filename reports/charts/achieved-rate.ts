/** What was published of what was intended, every cell of the run: a schedule that was not kept is no open load. */
import type { TopLevelSpec } from "vega-lite";
import { counted } from "../figure-text.ts";
import type { DataTable, RunChart, ScenarioData } from "./chart.ts";
import { rowsWidth } from "./range-rows.ts";
import { INK, shortName, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

/** Below it a cell is invalid (METHOD R6). */
const LEAST_ACHIEVED = 0.99;
const LABEL_WIDTH = 210;

export interface AchievedCell {
  readonly look: ServerLook;
  readonly scenario: string;
  /** Messages a second. */
  readonly intended: number;
  /** Of the trial that kept its schedule worst, 1 where all was sent. */
  readonly achieved: number;
}

export const achievedRate: RunChart = {
  name: "achieved-rate",
  draw(scenarios) {
    const cells = achievedCells(scenarios);
    if (cells.length === 0) return undefined;
    return { caption: achievedCaption(cells), spec: achievedSpec(cells, scenarios.length > 1), table: table(cells) };
  },
};

/** Cells without the figure are left out. */
export function achievedCells(scenarios: readonly ScenarioData[]): AchievedCell[] {
  return scenarios.flatMap(({ scenario, servers }) =>
    servers.flatMap(({ look, cell }) => {
      const values = cell.metrics["publish_achieved"]?.values ?? [];
      return values.length === 0 ? [] : [{ look, scenario: scenario.name, intended: scenario.rate, achieved: Math.min(...values) }];
    }),
  );
}

export function achievedSpec(cells: readonly AchievedCell[], several: boolean): TopLevelSpec {
  const looks = [...new Map(cells.map(({ look }) => [look.server, look])).values()];
  const domain = looks.map(({ server }) => server);
  const least = Math.min(LEAST_ACHIEVED, ...cells.map(({ achieved }) => achieved));
  const most = Math.max(1, ...cells.map(({ achieved }) => achieved));
  const room = (most - least) * 0.06;
  const x = {
    field: "achieved",
    type: "quantitative",
    scale: { domain: [Math.max(0, least - room), most + room], nice: false },
    axis: { title: "published / intended, the worst trial of each cell", format: "~%", tickCount: 5, domain: false, ticks: false },
  };
  const y = {
    field: "server",
    type: "nominal",
    sort: domain,
    axis: { title: null, domain: false, ticks: false, labelColor: INK.fg.color, labelLimit: 220, labelFontSize: 12 },
  };
  const nominal = { field: "server", type: "nominal", legend: null };
  const width = rowsWidth(domain, LABEL_WIDTH);
  const limit = { values: [{ x: LEAST_ACHIEVED, label: "at least 99 % is asked" }] };
  return specification({
    width,
    height: { step: 20 },
    layer: [
      { data: limit, mark: { type: "rule", strokeDash: [3, 3], color: INK.alarm.color }, encoding: { x: { ...x, field: "x" } } },
      {
        data: limit,
        mark: { type: "text", align: "left", baseline: "bottom", dx: -3, fontSize: 10, color: INK.alarm.color },
        encoding: { x: { ...x, field: "x" }, y: { value: -3 }, text: { field: "label" } },
      },
      {
        data: { values: cells.map(({ look, achieved }) => ({ server: look.server, achieved, valid: look.invalid !== true })) },
        mark: { type: "point", size: 46, strokeWidth: 1.5 },
        encoding: {
          x,
          y,
          stroke: { ...nominal, scale: { domain, range: looks.map(({ color }) => color) } },
          fill: { ...nominal, scale: { domain, range: looks.map(({ filled, color }) => (filled ? color : INK.paper.color)) } },
          shape: { ...nominal, scale: { domain, range: looks.map(({ shape }) => shape) } },
          opacity: { condition: { test: "datum.valid", value: 1 }, value: 0.65 },
        },
      },
      {
        data: {
          values: looks.map(({ server }) => ({
            server,
            label: rowLabel(
              cells.filter(({ look }) => look.server === server),
              several,
            ),
          })),
        },
        mark: { type: "text", align: "left", baseline: "middle", dx: 10, color: INK.fg.color },
        encoding: { x: { value: width }, y, text: { field: "label" } },
      },
    ],
  });
}

/** The worst cell of a row, with its scenario where there are several. */
function rowLabel(cells: readonly AchievedCell[], several: boolean): string {
  const worst = worstOf(cells)!;
  const scenario = several && worst.achieved < LEAST_ACHIEVED ? ` · ${shortName(worst.scenario)}` : "";
  return `${percent(worst.achieved)}${worst.achieved < LEAST_ACHIEVED ? " ✗" : ""}${scenario}`;
}

export function achievedCaption(cells: readonly AchievedCell[]): string {
  const late = cells.filter(({ achieved }) => achieved < LEAST_ACHIEVED);
  const worst = worstOf(cells)!;
  const where = `${worst.look.server} in ${worst.scenario}`;
  const kept = `The schedule was kept in ${cellsText(cells.length)}`;
  if (worst.achieved >= 1) return `${kept}: all that was due was published.`;
  if (late.length === 0) return `${kept}: at least ${percent(worst.achieved)} of what was due was published, least under ${where}.`;
  return `In ${late.length} of ${cellsText(cells.length)} less than ${percent(LEAST_ACHIEVED)} of what was due was published, least under ${where}: ${percent(worst.achieved)}.`;
}

function cellsText(count: number): string {
  return count === 1 ? "the one cell" : counted(count, "cell");
}

function worstOf(cells: readonly AchievedCell[]): AchievedCell | undefined {
  return cells.toSorted((a, b) => a.achieved - b.achieved)[0];
}

/** No digit is rounded up to a limit that was not kept. */
function percent(share: number): string {
  return `${String(Math.floor(share * 10_000 + 1e-6) / 100)} %`;
}

function table(cells: readonly AchievedCell[]): DataTable {
  return {
    header: ["server", "scenario", "intended 1/s", "achieved %"],
    rows: cells.map(({ look, scenario, intended, achieved }) => [look.server, scenario, intended, 100 * achieved]),
  };
}
