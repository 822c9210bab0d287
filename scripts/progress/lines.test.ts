import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import type { Measurement } from "../../load/measurement.ts";
import type { PlannedTrial, RunEvent } from "../../load/run.ts";
import { clock, endedLine, experimentLine, heartbeatLine, liveLines, sparkline, plannedLines } from "./lines.ts";
import { advance, leftMs, startProgress } from "./state.ts";

const paint = createColors(false);
const trial = (index: number, server = "sse-node"): PlannedTrial => ({
  index,
  server,
  transport: "sse",
  scenario: "broadcast",
  repetition: 1,
  expectedMs: 10_000,
});
const trials = [trial(1), trial(2, "websocket-ws"), trial(3, "polling-node")];

function measurement(part: Partial<Measurement> = {}): Measurement {
  return {
    status: "complete",
    validity: { valid: true, reasons: [] },
    metrics: { delivery_rate: 5000.4, "delivery_latency_ms.p99": 1.234, messages_lost: 0 },
    ...part,
  } as Measurement;
}

/** The state after events, each at its moment in ms. */
function after(...steps: readonly (readonly [atMs: number, event: RunEvent])[]) {
  return steps.reduce((state, [atMs, event]) => advance(state, event, atMs), startProgress(0));
}

const planned = { kind: "planned", trials, kept: [], unavailable: [], changes: [], outlook: { misfits: [] } } satisfies RunEvent;
const second = (delivered: number, p99Ms?: number, generatorElu = 0.1): RunEvent => ({
  kind: "second",
  trial: trials[0]!,
  connected: 100,
  delivered,
  generatorElu,
  ...(p99Ms === undefined ? {} : { p99Ms }),
});
const running = after(
  [0, planned],
  [0, { kind: "trial-started", trial: trials[0]! }],
  [100, { kind: "phase", trial: trials[0]!, phase: "measure" }],
  [1100, second(0)],
  [2100, second(2500)],
  [3100, second(5000, 1.5)],
);

describe("the lines that are redrawn", () => {
  it("show the trial with its phase, rate, p99, generator load and a sparkline, and the whole run below", () => {
    expect(liveLines(running, 4000, { width: 120, paint })).toEqual([
      "▸ measure  sse-node  broadcast  5,000/s  p99 1.50 ms  generator 10 %  ▁▅█",
      `${"━".repeat(5)}${"─".repeat(35)} 0/3  0:04 elapsed  0:26 left`,
    ]);
  });

  it("say how many are connected until the first second of deliveries", () => {
    const connecting = after(
      [0, planned],
      [0, { kind: "trial-started", trial: trials[0]! }],
      [1, { kind: "phase", trial: trials[0]!, phase: "connect" }],
    );
    expect(liveLines(connecting, 2, { width: 120, paint })[0]).toBe("▸ connect  sse-node  broadcast  0 connected");
  });

  it("say that a warm-up goes on for as long again, until the next phase", () => {
    const phase = (name: "warm-up" | "measure"): RunEvent => ({ kind: "phase", trial: trials[0]!, phase: name });
    const again = after([0, planned], [0, { kind: "trial-started", trial: trials[0]! }], [1, phase("warm-up")], [8001, phase("warm-up")]);
    expect(liveLines(again, 9000, { width: 120, paint })[0]).toBe("▸ warm-up ×2 sse-node  broadcast  0 connected");
    expect(heartbeatLine(again, 9000)).toMatch(/, warm-up ×2$/);
    expect(heartbeatLine(advance(again, phase("measure"), 16_000), 16_000)).toMatch(/, measure$/);
  });

  it("say generator load and sparkline in 80 columns, whatever the scenario is called", () => {
    const scenario = "broadcast,subscribers=1k";
    const state = { ...running, current: { ...running.current!, trial: { ...trials[0]!, scenario } } };
    expect(liveLines(state, 4000, { width: 79, paint })[0]).toBe(
      "▸ measure  sse-node  broad…ers=1k  5,000/s  p99 1.50 ms  generator 10 %  ▁▅█",
    );
  });

  it("drop a p99 that is no longer current", () => {
    const silent = advance(running, second(0), 4100);
    expect(liveLines(silent, 4200, { width: 120, paint })[0]).not.toContain("p99");
  });

  it.each([20, 40, 60, 79, 200])("never pass a width of %d", (width) => {
    for (const line of liveLines(running, 4000, { width, paint })) expect(line.length).toBeLessThanOrEqual(width);
  });

  it("mark a generator that is itself loaded", () => {
    const colors = createColors(true);
    const line = (elu: number) => liveLines(advance(running, second(5000, 1, elu), 4000), 4000, { width: 120, paint: colors })[0]!;
    expect(line(0.4).startsWith("▸")).toBe(true);
    expect(line(0.6).startsWith(colors.yellow("▸").slice(0, 6))).toBe(true);
    expect(line(0.9).startsWith(colors.red("▸").slice(0, 6))).toBe(true);
  });

  it("fill the bar by time, and to its end with the last trial", () => {
    const full = (state: Parameters<typeof liveLines>[0], nowMs: number) =>
      liveLines(state, nowMs, { width: 100, paint }).at(-1)!.split("━").length - 1;
    expect(full(running, 0)).toBe(0);
    expect(full(running, 10_000)).toBe(13);
    const done = trials.reduce(
      (state, each, n) => advance(state, { kind: "trial-ended", trial: each, measurement: measurement() }, (n + 1) * 10_000),
      running,
    );
    expect(full(done, 30_000)).toBe(40);
  });
});

describe("a run that is gone on with", () => {
  const resumed = after([0, { ...planned, kept: [1, 3] }], [0, { kind: "trial-started", trial: trials[1]! }]);

  it("counts what was kept, and its time is that of the rest", () => {
    expect(leftMs(resumed, 4000)).toBe(6000);
    expect(liveLines(resumed, 4000, { width: 120, paint }).at(-1)).toMatch(/ 2\/3 {2}0:04 elapsed {2}0:06 left$/);
    expect(heartbeatLine(resumed, 4000)).toMatch(/^… 2\/3 trials/);
  });
});

describe("the time that is left", () => {
  it("is what the phases add up to before anything has finished", () => {
    expect(leftMs(after([0, planned]), 0)).toBe(30_000);
  });

  it("is stretched by how long the finished trials took", () => {
    const state = after(
      [0, planned],
      [0, { kind: "trial-started", trial: trials[0]! }],
      [20_000, { kind: "trial-ended", trial: trials[0]!, measurement: measurement() }],
    );
    expect(leftMs(state, 20_000)).toBe(40_000);
  });

  it("never is below nothing for a trial that takes longer than thought", () => {
    const last = after([0, { ...planned, trials: trials.slice(0, 1) }], [0, { kind: "trial-started", trial: trials[0]! }]);
    expect(leftMs(last, 99_000)).toBe(0);
  });
});

describe("the line of a trial that ended", () => {
  const options = { width: 100, paint };
  const ended = (part?: Partial<Measurement>) => ({ trial: trials[0]!, tookMs: 9600, rates: [], measurement: measurement(part) });

  it.each<[string, Partial<Measurement>, string]>([
    ["complete", {}, "✓ done    1/3 sse-node          broadcast  5,000/s  p99 1.23 ms  0 lost  0:10"],
    [
      "failed",
      { status: "failed", metrics: {}, failure: { kind: "server-exit", message: "sse-node ended\nwith SIGKILL" } },
      "✗ failed  1/3 sse-node          broadcast  0:10  sse-node ended with SIGKILL",
    ],
    ["interrupted", { status: "partial", metrics: {} }, "~ partial 1/3 sse-node          broadcast  0:10  interrupted"],
    [
      "invalid",
      { metrics: {}, validity: { valid: false, reasons: [{ code: "x", severity: "invalid", message: "publisher late", advice: "" }] } },
      "~ invalid 1/3 sse-node          broadcast  0:10  publisher late",
    ],
  ])("tells one that is %s", (_name, part, line) => {
    expect(endedLine(ended(part), 3, options)).toBe(line);
  });

  it("lets no escape sequence of a name reach the terminal", () => {
    const hostile = { ...ended(), trial: { ...trials[0]!, server: "a\u001B[2Jb\r" } };
    expect(endedLine(hostile, 3, options)).toContain("a [2Jb");
  });

  it("tells in 80 columns that a trial is invalid, and why, whatever the scenario is called", () => {
    const reasons = [{ code: "x", severity: "invalid", message: "the publisher was late", advice: "" }] as const;
    const long = { ...trials[0]!, scenario: "broadcast,subscribers=1k" };
    const line = endedLine({ ...ended({ validity: { valid: false, reasons } }), trial: long }, 12, { width: 79, paint });
    expect(line).toMatch(/^~ invalid /);
    expect(line).toMatch(/the publisher was late$/);
    expect(line).toContain("=1k");
    expect(line.length).toBeLessThanOrEqual(79);
  });

  it("is cut to the width", () => {
    expect(endedLine(ended(), 3, { width: 30, paint })).toHaveLength(30);
  });
});

describe("without a terminal", () => {
  it("a heartbeat says where the run is", () => {
    expect(heartbeatLine(running, 4000)).toBe("… 0/3 trials, 0:04 elapsed, about 0:26 left: sse-node broadcast, measure");
  });

  it("servers that cannot run are named with the reason", () => {
    const event = { ...planned, unavailable: [{ server: "sse-uws", reason: "no binary" }] };
    expect(plannedLines(event, { width: 80, paint })).toEqual(["! sse-uws is unavailable: no binary"]);
  });

  it("a run that goes on says what it keeps, and what is not as it was", () => {
    const event = { ...planned, kept: [2], changes: ["Node v20.1.0, now v22.2.0", "cores 2, now 4"] };
    expect(plannedLines(event, { width: 80, paint })).toEqual([
      "1 of 3 trials is complete and kept",
      "! not as it was when the run began: Node v20.1.0, now v22.2.0; cores 2, now 4;\n  compare cells with care",
    ]);
  });
});

describe("clock and sparkline", () => {
  it.each([
    [0, "0:00"],
    [9499, "0:09"],
    [65_000, "1:05"],
    [3_605_000, "1:00:05"],
    [-5, "0:00"],
  ])("%d ms is %s", (ms, text) => {
    expect(clock(ms)).toBe(text);
  });

  it.each([
    [[], 5, ""],
    [[0, 0], 5, "▁▁"],
    [[0, 5, 10], 5, "▁▅█"],
    [[9, 0, 10], 2, "▁█"],
  ])("%j in %d columns is %j", (values, width, text) => {
    expect(sparkline(values, width)).toBe(text);
  });
});

describe("the line of an experiment", () => {
  const experiment = { name: "round-trips", startedAt: "", durationMs: 4400, figures: { sse: 1 } } as const;

  it("says that it was made, or why not, as far as the line goes", () => {
    expect(experimentLine(experiment, { width: 80, paint })).toBe("✓ textbook round-trips  0:04");
    const failed = { ...experiment, figures: {}, failure: "no browser\u001B[2J here" };
    expect(experimentLine(failed, { width: 24, paint })).toBe("! textbook round-trips:\n  no browser [2J here");
  });
});
