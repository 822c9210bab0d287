/** How often each latency was: a histogram a server on one logarithmic axis, for two modes show here and in no percentile. */
import type { TopLevelSpec } from "vega-lite";
import type { Histogram } from "../../load/histogram.ts";
import { counted } from "../figure-text.ts";
import { listed } from "../listed.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { modesOf } from "./modes.ts";
import type { Mode } from "./modes.ts";
import { logScale } from "./scale.ts";
import { serverPanels } from "./server-panels.ts";
import type { ServerLook } from "./style.ts";
import { wholeLatency } from "./whole-latency.ts";

const MOST_BINS = 60;
/** No bin is narrower: buckets of the stored histograms are a thousandth wide, and a bin of few of them would be a comb. */
const LEAST_RATIO = 1.05;
/** Shorter latencies stand at the left edge: the axis is logarithmic. */
const LEAST_NS = 1_000;
const NAMED = 3;
const HEIGHT = 64;

/** The bins of a scenario, the same for all of its servers. */
export interface Distributions {
  /** In ms, upwards, one more than there are bins. */
  readonly edges: readonly number[];
  readonly servers: readonly Distribution[];
}

export interface Distribution {
  readonly look: ServerLook;
  /** Deliveries of each bin. */
  readonly counts: readonly number[];
  readonly total: number;
  /** Two of them are worth a word. */
  readonly modes: readonly Mode[];
}

export const distribution: Chart = {
  name: "distribution",
  draw(data) {
    const found = distributionsOf(data);
    if (found === undefined) return undefined;
    return { caption: distributionCaption(found), spec: distributionSpec(found), table: table(found) };
  },
};

/** All complete trials of each server merged; absent where no server has a delivery. */
export function distributionsOf({ servers }: ScenarioData): Distributions | undefined {
  const known = servers
    .map(({ look, complete }) => ({ look, histogram: wholeLatency(complete) }))
    .filter(({ histogram }) => histogram.count > 0);
  if (known.length === 0) return undefined;
  const low = Math.max(LEAST_NS, Math.min(...known.map(({ histogram }) => histogram.buckets()[0]![0])));
  const high = Math.max(low * LEAST_RATIO, ...known.map(({ histogram }) => histogram.buckets().at(-1)![1] + 1));
  const bins = Math.min(MOST_BINS, Math.max(1, Math.floor(Math.log(high / low) / Math.log(LEAST_RATIO))));
  const edges = Array.from({ length: bins + 1 }, (_, at) => (low * (high / low) ** (at / bins)) / 1e6);
  return {
    edges,
    servers: known.map(({ look, histogram }) => {
      const counts = countsIn(histogram, low, high, bins);
      return { look, counts, total: histogram.count, modes: modesOf(counts) };
    }),
  };
}

/** By the middle of each bucket. */
function countsIn(histogram: Histogram, low: number, high: number, bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const [from, to, count] of histogram.buckets()) {
    const place = (bins * Math.log((from + to) / 2 / low)) / Math.log(high / low);
    counts[Math.min(bins - 1, Math.max(0, Math.floor(place)))]! += count;
  }
  return counts;
}

export function distributionSpec({ edges, servers }: Distributions): TopLevelSpec {
  const scale = { ...logScale(edges), domain: [edges[0]!, edges.at(-1)!] as const };
  return serverPanels({
    panels: servers.map(({ look, counts, total, modes }) => {
      // The last edge closes the last step.
      const steps = edges.map((ms, at) => ({
        server: look.server,
        ms,
        share: Number(((counts[at] ?? counts.at(-1)!) / total).toPrecision(4)),
      }));
      const y = {
        field: "share",
        type: "quantitative",
        axis: null,
        scale: { domain: [0, Math.max(...steps.map(({ share }) => share)) * 1.05], nice: false },
      };
      return {
        look,
        remark: modes.length > 1 ? modesWord(modes) : undefined,
        layers: (x: object) => [
          {
            data: { values: steps },
            mark: {
              type: "area",
              interpolate: "step-after",
              fill: look.color,
              fillOpacity: look.filled ? 0.7 : 0.12,
              stroke: look.color,
              strokeWidth: 1.25,
              ...(look.dash.length === 0 ? {} : { strokeDash: look.dash }),
            },
            encoding: { x, y },
          },
        ],
      };
    }),
    x: { field: "ms", title: "delivery latency, ms (log)", scale },
    height: HEIGHT,
  });
}

function modesWord(modes: readonly Mode[]): string {
  return modes.length === 2 ? "two modes" : `${modes.length} modes`;
}

export function distributionCaption(found: Distributions): string {
  const valid = found.servers.filter(({ look }) => look.invalid !== true);
  if (valid.length === 0) return NO_VALID_CELL;
  const several = valid.filter(({ modes }) => modes.length > 1);
  const untold = valid.filter(({ modes }) => modes.length === 0).length;
  const few = untold === 0 ? "" : ` ${counted(untold, "server")} had too few deliveries to tell.`;
  if (untold === valid.length) return "Too few deliveries in valid cells to tell one mode from two.";
  if (several.length === 0) return `No ${valid.length < found.servers.length ? "valid cell" : "server"} has a second mode.${few}`;
  const named = several.slice(0, NAMED).map((each) => `${each.look.server} at ${modesText(each, found.edges)}`);
  const more = several.length > NAMED ? [counted(several.length - NAMED, "other")] : [];
  return `Of ${counted(valid.length, "server")} ${several.length} ${several.length === 1 ? "has" : "have"} more than one mode: ${listed([...named, ...more])}.${few}`;
}

/** `2.1 ms (61 %) and 480 ms (39 %)`. */
function modesText({ modes }: Distribution, edges: readonly number[]): string {
  return listed(
    modes.map(({ bin, share }) => `${Number(Math.sqrt(edges[bin]! * edges[bin + 1]!).toPrecision(2))} ms (${Math.round(100 * share)} %)`),
  );
}

function table({ edges, servers }: Distributions): DataTable {
  return {
    header: ["from ms", "to ms", ...servers.map(({ look }) => `${look.server} %`)],
    rows: edges.slice(1).map((to, at) => [
      edges[at]!,
      to,
      ...servers.map(({ counts, total }) => {
        const count = counts[at]!;
        return count === 0 ? undefined : (100 * count) / total;
      }),
    ]),
  };
}
