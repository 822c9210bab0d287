/** All that the sections of a page are made of, computed once. */
import { climbsOf } from "../climb.ts";
import type { Climb } from "../climb.ts";
import type { Comparison } from "../comparison.ts";
import { drawCharts, undrawnDetails } from "../charts/catalogue.ts";
import type { ChartSection, NamedDrawing } from "../charts/catalogue.ts";
import { renderSvg, themed } from "../charts/render.ts";
import type { RunData } from "../run-data.ts";
import type { Summary } from "../summary.ts";
import { selectTrends } from "../trend-selection.ts";
import type { TrendSelection } from "../trend-selection.ts";
import { judge, scenariosOf } from "../verdict.ts";
import type { Verdict } from "../verdict.ts";

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
  for (const drawing of drawCharts(run, summary, { comparison, trends: trends.drawn })) {
    drawings[drawing.section].push({ ...drawing, svg: themed(await renderSvg(drawing.spec), drawing.name) });
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
  };
}
