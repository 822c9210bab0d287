/** All that the sections of a page are made of, computed once. */
import { climbsOf } from "../climb.ts";
import type { Climb } from "../climb.ts";
import type { Comparison } from "../comparison.ts";
import { drawCharts, undrawnDetails } from "../charts/catalogue.ts";
import type { ChartSection, NamedDrawing } from "../charts/catalogue.ts";
import { keptDrawing } from "../charts/kept-drawings.ts";
import { lookOf } from "../charts/style.ts";
import { themed } from "../charts/themed.ts";
import type { RunData } from "../run-data.ts";
import type { Summary } from "../summary.ts";
import { selectTrends } from "../trend-selection.ts";
import type { TrendSelection } from "../trend-selection.ts";
import { judge, scenariosOf } from "../verdict.ts";
import type { Verdict } from "../verdict.ts";
import { serverClass } from "./client/servers.ts";
import type { PageServer } from "./client/servers.ts";

export interface PageData {
  readonly run: RunData;
  readonly summary: Summary;
  /** With another run, where it was asked for. */
  readonly comparison?: Comparison;
  readonly verdict: Verdict;
  readonly scenarios: ReturnType<typeof scenariosOf>;
  readonly climbs: readonly Climb[];
  readonly trends: TrendSelection;
  /** Scenarios of which the details are not drawn, for there are many. */
  readonly undrawn: readonly string[];
  readonly drawings: Readonly<Record<ChartSection, readonly PageDrawing[]>>;
  /** Each once, in the order of the hero table. */
  readonly servers: readonly PageServer[];
}

export interface PageDrawing extends NamedDrawing {
  /** Drawn, in colours that follow the page's theme. */
  readonly svg: string;
}

export async function pageData(run: RunData, summary: Summary, comparison?: Comparison): Promise<PageData> {
  const drawings: Record<ChartSection, PageDrawing[]> = {
    capacity: [],
    verdict: [],
    compare: [],
    trust: [],
    latency: [],
    distribution: [],
    time: [],
    heatmap: [],
    cost: [],
    scale: [],
    resources: [],
    trend: [],
  };
  const trends = selectTrends(run, summary);
  const servers = serversOf(summary);
  const indexes = new Map(servers.map(({ name }, at) => [name, at]));
  const names = servers.map(({ name }) => name);
  const classOf = (server: string): string | undefined => {
    const at = indexes.get(server);
    return at === undefined ? undefined : serverClass(at);
  };
  for (const drawing of drawCharts(run, summary, { comparison, trends: trends.drawn })) {
    const svg = await keptDrawing([drawing.spec, names], async () => {
      const { renderSvg } = await import("../charts/render.ts");
      return renderSvg(drawing.spec, undefined, classOf);
    });
    drawings[drawing.section].push({ ...drawing, svg: themed(svg, drawing.name) });
  }
  return {
    run,
    summary,
    ...(comparison === undefined ? {} : { comparison }),
    verdict: judge(summary),
    scenarios: scenariosOf(summary),
    climbs: climbsOf(summary),
    trends,
    undrawn: undrawnDetails(run, summary),
    drawings,
    servers,
  };
}

function serversOf({ cells }: Summary): PageServer[] {
  const looks = new Map(cells.map(({ server, transport, library }) => [server, lookOf(server, transport, library.name)]));
  return [...looks].map(([name, { family, familyLabel }]) => ({ name, family, familyLabel }));
}
