import { describe, expect, it } from "vitest";
import { encodeHistogram } from "../../load/hdr.ts";
import { createHistogram } from "../../load/histogram.ts";
import type { Measurement } from "../../load/measurement.ts";
import {
  ALL_SERVERS,
  CHART_NAMES,
  CHART_NAMES_OF_TRIALS,
  failed,
  fixtureReport,
  fixtureRun,
  fixtureScenario,
  HOSTILE_NAME,
  invalid,
  only,
  SPIKE,
} from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { printableDocument } from "../formats/escape.ts";
import { drawCharts } from "./catalogue.ts";
import { dueCourse } from "./delivery-rate.ts";
import type { NamedDrawing } from "./catalogue.ts";
import { renderSvg } from "./render.ts";
import { themed } from "./themed.ts";
import { COLOR_VARIABLES, familyOf, FAMILIES, lookOf } from "./style.ts";

function draw(options: FixtureOptions = {}): NamedDrawing[] {
  const { run, summary } = fixtureReport(options);
  return drawCharts(run, summary);
}

function one(name: string, options: FixtureOptions = {}): NamedDrawing {
  return draw(options).find((drawing) => drawing.name === `${name}-broadcast`)!;
}

/** Marks of a kind that are in the drawing, by the classes Vega gives them. */
function marks(svg: string, kind: string): number {
  return svg
    .split(`class="mark-${kind}`)
    .slice(1)
    .filter((group) => /<(path|text|line)/.test(group.split("</g>")[0]!)).length;
}

/** The marks that carry each chart's data. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  "latency-ranges": ["rule", "symbol", "text"],
  "generator-load": ["symbol", "rule", "text"],
  "publish-lag": ["rule", "text"],
  "trial-spread": ["symbol", "rule", "text"],
  "achieved-rate": ["symbol", "rule", "text"],
  distribution: ["area"],
  heatmap: ["rect"],
  "cost-frontier": ["symbol", "text", "rule"],
  "delivery-bytes": ["rect", "text"],
};

describe.each([
  ["three servers, one trial", {}],
  ["thirteen servers, two trials", { servers: ALL_SERVERS, trials: 2 }],
  [
    "an invalid and a failed cell, a hostile name",
    {
      servers: [...ALL_SERVERS.slice(0, 3), { name: HOSTILE_NAME, transport: "carrier-pigeon", latencyMs: 2 }],
      alter: (m) => (m.trial.server === "sse-node" ? invalid(m) : m.trial.server === "polling-node" ? failed(m) : m),
    },
  ],
] satisfies [string, FixtureOptions][])("charts of %s", (_, options) => {
  const drawings = draw(options);
  const names = "trials" in options ? CHART_NAMES_OF_TRIALS : CHART_NAMES;

  it("are all there", () => {
    expect(drawings.map(({ name }) => name)).toEqual(names.map((name) => `${name}-broadcast`));
  });

  it.each(names)("%s draws its marks, without a remark of Vega-Lite and without a hole", async (name) => {
    const drawing = drawings.find((candidate) => candidate.name === `${name}-broadcast`)!;
    const remarks: string[] = [];
    const svg = await renderSvg(drawing.spec, (remark) => remarks.push(remark));
    expect(remarks).toEqual([]);
    for (const mark of MARKS[name] ?? ["line", "symbol", "text"]) expect(marks(svg, mark), mark).toBeGreaterThan(0);
    for (const text of [svg, drawing.caption]) expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
    for (const value of drawing.table.rows.flat()) expect(typeof value !== "number" || Number.isFinite(value)).toBe(true);
    expect(svg).not.toMatch(/<img| style=|aria-/);
    expect(printableDocument(svg)).toBe(svg);
    expect(drawing.table.rows.length).toBeGreaterThan(0);
    for (const row of drawing.table.rows) expect(row).toHaveLength(drawing.table.header.length);
  });
});

it("draws nothing where nothing was measured", () => {
  expect(draw({ alter: (m) => failed(m) })).toEqual([]);
  expect(draw({ servers: [] })).toEqual([]);
});

it("has a name for each scenario's drawings that is fit for a file, whatever the scenarios are called", () => {
  const scenarios = ["Größe/64 KiB", "größe 64 kib", "../.."].map((name) => fixtureScenario({ name }));
  const names = draw({ scenarios }).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
});

describe("captions state what the data show", () => {
  it("the lowest p99 and the distance to the highest", () => {
    const values: Record<string, number> = { "polling-node": 800, "sse-node": 4, "websocket-ws": 8 };
    const alter: FixtureOptions["alter"] = (m) => ({
      ...m,
      metrics: { ...m.metrics, "delivery_latency_ms.p99": values[m.trial.server]! },
    });
    expect(one("latency-ranges", { alter }).caption).toMatch(/^sse-node: p99 4 ms, lowest of 3; polling-node needs 200 times as long\./);
  });

  it("which server fell behind, when one did", () => {
    const alter: FixtureOptions["alter"] = (m) =>
      m.trial.server === "sse-node"
        ? { ...m, seconds: m.seconds.map((second) => (second.atSecond === 4 ? { ...second, delivered: 10 } : second)) }
        : m;
    expect(one("delivery-rate").caption).toMatch(/^Every server kept up/);
    expect(one("delivery-rate", { alter }).caption).toMatch(
      /^sse-node fell below 90 % of the 2,000 deliveries\/s due in 1 of 10 points, to 10/,
    );
  });

  it("the second a stall was in", () => {
    const slow = fixtureRun({ servers: [{ name: "slow", transport: "sse", latencyMs: 90 }] }).measurements[0]!.seconds[5]!;
    const alter: FixtureOptions["alter"] = (m) =>
      m.trial.server === "sse-node"
        ? { ...m, seconds: m.seconds.map((second) => (second.atSecond === 7 ? { ...slow, atSecond: 7 } : second)) }
        : m;
    expect(one("latency-over-time", { alter }).caption).toMatch(/^sse-node peaked at second 7: p99 \d+ ms/);
  });

  it("counts those that held as many descriptors as the one that is named", () => {
    const few: FixtureOptions["alter"] = (m) => ({
      ...m,
      samples: m.samples.map((sample) => ({ ...sample, serverFds: m.trial.server === "sse-node" ? 26 : 44 })),
    });
    expect(one("server-descriptors", { alter: few }).caption).toMatch(/^\S+ and 1 other held up to 44 descriptors for .+; sse-node 26\.$/);
  });
});

describe("captions compare valid cells only", () => {
  // The other three are about the generator.
  const compared = CHART_NAMES_OF_TRIALS.filter((name) => !["generator-load", "publish-lag", "achieved-rate"].includes(name));

  it.each(compared)("%s names no invalid server, however extreme", (name) => {
    const samples = (value: number) => (sample: Measurement["samples"][number]) => ({
      ...sample,
      serverCpuCores: value,
      serverUssBytes: value,
      serverFds: value,
      serverLoopDelayP99Ms: value,
      serverLoopDelayMaxMs: value,
    });
    const alter: FixtureOptions["alter"] = (m) =>
      m.trial.server === "sse-node"
        ? invalid({
            ...m,
            samples: m.samples.map(samples(1e9)),
            seconds: m.seconds.map((second) => (second.atSecond === 4 ? { ...second, delivered: 10 } : second)),
          })
        : m;
    expect(one(name, { alter, trials: 2 }).caption).not.toContain("sse-node");
  });

  it.each(compared)("%s says that there is no valid cell", (name) => {
    expect(one(name, { alter: invalid, trials: 2 }).caption).toMatch(/^No valid cell/);
  });
});

describe("a window of phases", () => {
  const OVER_TIME = ["delivery-rate", "latency-over-time", "server-cpu", "server-memory", "server-descriptors", "loop-delay"];
  const drawings = draw({ scenarios: [SPIKE], servers: ALL_SERVERS });

  it.each(OVER_TIME)("has the names of its phases in every panel of %s, clear of each other and of the lines", async (name) => {
    const { spec } = drawings.find((drawing) => drawing.name === `${name}-spike`)!;
    const remarks: string[] = [];
    const svg = await renderSvg(spec, (remark) => remarks.push(remark));
    expect(remarks).toEqual([]);
    const panels = (spec as unknown as { concat: readonly unknown[] }).concat.length;
    for (const phase of SPIKE.phases!) expect(svg.split(`>${phase.name}<`).length - 1, phase.name).toBe(panels);
    for (const text of [svg]) expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("is held to what was due in each second of it, a ramp and a spike included", () => {
    expect(dueCourse(SPIKE, [-2, 20])).toEqual([
      [-2, 2000],
      [0, 2000],
      [6, 2000],
      [6, 2000],
      [11, 8000],
      [11, 12_000],
      [13, 12_000],
      [13, 2000],
      [20, 2000],
    ]);
    const rate = (alter: FixtureOptions["alter"] = (m) => m): string =>
      draw({ scenarios: [SPIKE], alter }).find(({ name }) => name === "delivery-rate-spike")!.caption;
    const delivering = (of: (second: Measurement["seconds"][number]) => number) => (m: Measurement) => ({
      ...m,
      seconds: m.seconds.map((second) => ({ ...second, delivered: of(second) })),
    });
    const due = [2000, 2000, 2000, 2000, 2000, 2000, 2600, 3800, 5000, 6200, 7400, 12_000, 12_000, ...Array<number>(7).fill(2000)];
    const kept = delivering(({ atSecond }) => due[atSecond] ?? 2000);
    expect(rate(kept)).toBe("Every server kept up: no second fell below 90 % of what was due in it.");
    const short = delivering(({ atSecond }) => (atSecond === 9 || atSecond === 12 ? 0.85 : 1) * (due[atSecond] ?? 2000));
    expect(rate((m) => (m.trial.server === "sse-node" ? short(m) : kept(m)))).toBe(
      "sse-node fell below 90 % of what was due in 2 of 20 points, first at second 9.",
    );
  });
});

describe("publish lag", () => {
  /** 250 messages, so that the metrics have no p99; one in fifty as late as told. */
  const late = (ms: number): Measurement["histograms"] => {
    const lag = createHistogram();
    for (let n = 0; n < 250; n++) lag.record((n % 50 === 0 ? ms : 0.1) * 1e6);
    return { publish_lag: encodeHistogram(lag) };
  };
  const alter: FixtureOptions["alter"] = (m) => ({
    ...m,
    metrics: { ...m.metrics, "publish_lag_ms.p95": m.trial.server === "polling-node" ? 0.9 : 0.1 },
    histograms: { ...m.histograms, ...late(m.trial.server === "sse-node" && m.trial.repetition === 2 ? 3.4 : 0.2) },
  });

  it("shows what is judged: the p99 of the latest trial, of however few messages", () => {
    const { caption, table } = one("publish-lag", { trials: 3, alter });
    expect(caption).toMatch(/^The schedule slipped most under sse-node: lag p99 3\.40 ms from 250 messages, above 1 ms/);
    const row = table.rows.find(([server]) => server === "sse-node")!;
    expect(row[3]).toBeCloseTo(3.4, 2);
    expect(row[4]).toBe(250);
  });

  it("has its labels in a column beside the plot, clear of the line at 1 ms", () => {
    const { layer, width } = one("publish-lag", { alter }).spec as unknown as {
      readonly width: number;
      readonly layer: readonly {
        readonly mark: { readonly type: string };
        readonly encoding: { readonly x: { readonly value?: number } };
      }[];
    };
    expect(layer.findLast(({ mark }) => mark.type === "text")?.encoding.x.value).toBe(width);
  });
});

it("draws an invalid row dashed and no paler than can be seen on either ground", async () => {
  const svg = await renderSvg(one("latency-ranges", { alter: only("sse-node", invalid) }).spec);
  expect(svg).toContain('stroke-dasharray="4,3"');
  for (const [, opacity] of svg.matchAll(/[^-]opacity="([\d.]+)"/g)) expect([0.22, 0.65, 1]).toContain(Number(opacity));
});

describe("percentile curves", () => {
  it("end where fewer than ten deliveries lie beyond (METHOD R9)", () => {
    const { table } = one("percentile-curves");
    // 10 s of 320 deliveries/s at the probes: 32 beyond p99, 3 beyond p99.9.
    expect(table.rows.map(([percentile]) => percentile)).toEqual(["p50", "p75", "p90", "p95", "p99", "deliveries"]);
  });

  it("merge the trials instead of averaging them", () => {
    const row = (trials: number) => one("percentile-curves", { trials }).table.rows.at(-1);
    expect(row(1)?.[1]).toBe("3,200");
    expect(row(4)?.[1]).toBe("12,800");
  });

  // Three nines, and a panel a family: the minimum and p50 would be one word.
  it.each([
    ["a panel for all, and has room", undefined, true],
    ["a panel a family", ALL_SERVERS, false],
  ])("label the minimum in %s", async (_, servers, labelled) => {
    const svg = await renderSvg(one("percentile-curves", { trials: 4, ...(servers === undefined ? {} : { servers }) }).spec);
    expect(svg).toContain(">p99.9</text>");
    expect(svg.includes(">min</text>")).toBe(labelled);
  });
});

it("keeps a series of an hour within 600 points", () => {
  const { seconds, samples } = fixtureRun().measurements[1]!;
  const scenario = fixtureScenario({ durationMs: 3_600_000 });
  const hour = Array.from({ length: 3_600 }, (_, at) => at);
  const alter: FixtureOptions["alter"] = (m) => ({
    ...m,
    scenario,
    seconds: hour.map((atSecond) => ({ ...seconds[5]!, atSecond })),
    samples: hour.map((atSecond) => ({ ...samples[5]!, atSecond })),
  });
  const drawings = draw({ alter, servers: [{ name: "sse-node", transport: "sse", latencyMs: 1 }] }).filter(
    ({ section }) => section === "time" || section === "resources",
  );
  expect(drawings).toHaveLength(6);
  for (const { table } of drawings) {
    expect(table.rows.length).toBeLessThanOrEqual(600);
    expect(table.rows.length).toBeGreaterThan(300);
  }
}, 40_000);

describe("style", () => {
  it.each([
    ["websocket", "websocket"],
    ["websocket-http2", "websocket"],
    ["sse-http2", "sse"],
    ["http-stream-http2", "http-stream"],
    ["long-polling", "long-polling"],
    ["carrier-pigeon", "other"],
  ])("counts %s to the family %s", (transport, family) => {
    expect(familyOf(transport)).toBe(family);
  });

  it("draws uWebSockets.js filled, HTTP/2 dashed, and each family in a hue and shape of its own", () => {
    expect(lookOf("a", "websocket", "uWebSockets.js").filled).toBe(true);
    expect(lookOf("a", "websocket", "ws").filled).toBe(false);
    expect(lookOf("a", "sse-http2", "node:http2").dash).not.toEqual(lookOf("a", "sse", "node:http").dash);
    const families = Object.values(FAMILIES);
    expect(new Set(families.map(({ color }) => color)).size).toBe(families.length);
    expect(new Set(families.map(({ shape }) => shape)).size).toBe(families.length);
  });

  it("leaves no fixed colour in a drawing for a page, and each keeps its light colour as fallback", async () => {
    const svg = themed(await renderSvg(one("percentile-curves").spec), "curves");
    expect(svg).not.toMatch(/(fill|stroke)="#/);
    expect(svg).toContain(`stroke="var(--websocket,${FAMILIES.websocket.color})"`);
    const colors = COLOR_VARIABLES.map(([, color]) => color);
    expect(new Set(colors).size).toBe(colors.length);
  });

  it("gives the ids of each drawing on a page a name of their own", async () => {
    const svg = themed(await renderSvg(one("server-cpu").spec), "cpu");
    const ids = [...svg.matchAll(/id="([^"]+)"/g)].map(([, id]) => id!);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(id).toMatch(/^cpu-/);
    for (const [, target] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(target);
  });
});
