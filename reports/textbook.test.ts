import { describe, expect, test } from "vitest";
import type { ExperimentRecord } from "../load/textbook-record.ts";
import { fixtureReport, fixtureScenario } from "./fixture.ts";
import { formatMarkdown } from "./formats/markdown.ts";
import { formatTerminal } from "./formats/terminal.ts";
import type { Cell } from "./summary.ts";
import { judgeTextbook } from "./textbook.ts";

const POLL_INTERVAL_MS = 200;
const spreadOf = (value: number) => ({ median: value, low: value, high: value, interval: "none", values: [value], unit: "" }) as const;

/** A cell of the workload `dense`, of these metrics. */
function cell(server: string, metrics: Readonly<Record<string, number>>, { valid = true, scenario = "dense" } = {}): Cell {
  return {
    server,
    scenario,
    parameters: { pollIntervalMs: POLL_INTERVAL_MS },
    validity: { valid, reasons: [] },
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, spreadOf(value)])),
  } as unknown as Cell;
}

function experiment(name: ExperimentRecord["name"], figures: Readonly<Record<string, number>>): ExperimentRecord {
  return { name, startedAt: "", durationMs: 1, figures };
}

function resultOf(claim: string, cells: readonly Cell[], experiments: readonly ExperimentRecord[] = []) {
  const found = judgeTextbook(cells, experiments).find((each) => each.claim.includes(claim));
  if (found === undefined) throw new Error(`no claim says "${claim}"`);
  return found;
}

const FRAMES = { down_100: 2, down_1000: 4, down_70000: 10, up_100: 6, up_1000: 8, up_70000: 14 };
const EXHAUSTED = { limit: 128, asked: 160, held: 107, refused: 53, waiting: 0, served: 107, released: 10, admitted: 10 };

describe("a claim that trials show", () => {
  test.each([
    ["fewer requests", "requests_per_delivery", ["long-polling-node", "polling-node"], [1, 5], "1 requests a message against 5"],
    ["more of the server", "server_cpu_us_per_delivery", ["websocket-ws", "sse-node"], [9, 7], "9 µs of CPU a message against 7"],
  ])("%s", (claim, metric, [one, other], [less, more], text) => {
    const of = (a: number, b: number) => [cell(one!, { [metric]: a }), cell(other!, { [metric]: b })];
    expect(resultOf(claim, of(less!, more!))).toMatchObject({ verdict: "holds", measured: text });
    expect(resultOf(claim, of(more!, less!))).toMatchObject({ verdict: "fails" });
    // Within 3 % they are the same, and the claim says more.
    expect(resultOf(claim, of(more!, more! * 1.02))).toMatchObject({ verdict: "fails" });
  });

  test.each([
    [100, "holds"],
    [85, "holds"],
    [70, "fails"],
    [190, "fails"],
  ])("a median of %d ms at an interval of 200: %s", (median, verdict) => {
    const cells = [cell("polling-node", { "delivery_latency_ms.p50": median, "publish_lag_ms.p95": 1 }, { valid: false })];
    expect(resultOf("half its interval", cells)).toMatchObject({ verdict });
  });

  test("a publisher that was late by more than a fiftieth of the interval leaves that open", () => {
    const cells = [cell("polling-node", { "delivery_latency_ms.p50": 100, "publish_lag_ms.p95": 5 })];
    expect(resultOf("half its interval", cells)).toMatchObject({ verdict: "open" });
  });

  test.each([
    [1, 0.01, "holds"],
    [1, 1, "fails"],
    [2, 0.01, "fails"],
  ])("%d descriptors a stream over HTTP/1.1 and %d over HTTP/2: %s", (each, shared, verdict) => {
    const cells = [cell("sse-node", { server_fds_per_connection: each }), cell("sse-http2-node", { server_fds_per_connection: shared })];
    expect(resultOf("on one TCP connection", cells)).toMatchObject({ verdict });
  });

  test("holds in part where one workload shows it and another does not, and names them", () => {
    const metric = "requests_per_delivery";
    const of = (scenario: string, held: number, asked: number) => [
      cell("long-polling-node", { [metric]: held }, { scenario }),
      cell("polling-node", { [metric]: asked }, { scenario }),
    ];
    expect(resultOf("fewer requests", [...of("rare", 1, 5), ...of("dense", 0.9, 0.1)])).toMatchObject({
      verdict: "part",
      measured: "rare: 1 requests a message against 5; dense: 0.900 requests a message against 0.100",
    });
  });

  test("is not known where a measurement is missing or invalid", () => {
    const unknown = { verdict: "open", measured: "no valid trial has the figures" };
    const socket = cell("websocket-ws", { server_cpu_us_per_delivery: 9 });
    const events = { server_cpu_us_per_delivery: 7 };
    expect(resultOf("more of the server", [socket])).toMatchObject(unknown);
    expect(resultOf("more of the server", [socket, cell("sse-node", events, { valid: false })])).toMatchObject(unknown);
    expect(resultOf("more of the server", [socket, cell("sse-node", events)])).toMatchObject({ verdict: "holds" });
  });

  test("of counts stands whatever made the latencies invalid", () => {
    const cells = ["polling-node", "long-polling-node"].map((server, at) =>
      cell(server, { requests_per_delivery: 5 - 4 * at }, { valid: false }),
    );
    expect(resultOf("fewer requests", cells)).toMatchObject({ verdict: "holds" });
  });
});

describe("a claim that takes an experiment", () => {
  test.each([
    ["2 to 14 bytes", experiment("websocket-frames", FRAMES), { up_70000: 16 }],
    ["misses nothing", experiment("coming-back", { published_away: 10, missed_sse: 0, missed_stream: 10 }), { missed_sse: 1 }],
    ["misses nothing", experiment("coming-back", { published_away: 10, missed_sse: 0, missed_stream: 10 }), { missed_stream: 0 }],
    ["costs a handshake", experiment("connection-per-poll", { kept: 0.2, fresh: 0.3, kept_tls: 0.2, fresh_tls: 2 }), { fresh: 0.1 }],
    ["costs a handshake", experiment("connection-per-poll", { kept: 0.2, fresh: 0.3, kept_tls: 0.2, fresh_tls: 2 }), { fresh_tls: 0.25 }],
    ["TIME_WAIT", experiment("connection-per-poll", { polls: 200, waiting_kept: 0, waiting_fresh: 200 }), { waiting_fresh: 100 }],
    ["exhaust", experiment("descriptors-exhausted", EXHAUSTED), { held: 160, refused: 0 }],
    ["one round trip more", experiment("round-trips", { sse: 1, websocket: 2, websocket_answer: 3 }), { websocket: 1.1 }],
    ["six event streams", experiment("browser-streams", { asked: 20, http1: 6, http2: 20 }), { http1: 20 }],
    ["six event streams", experiment("browser-streams", { asked: 20, http1: 6, http2: 20 }), { http2: 6 }],
    [
      "closed EventSource",
      experiment("closed-event-sources", { sources: 50, subscriptions: 0, took_ms: 3, before: 20, open: 70, after: 20 }),
      { after: 21 },
    ],
  ] as const)("%s: holds by %j, and not with %j", (claim, made, changed) => {
    expect(resultOf(claim, [], [made])).toMatchObject({ verdict: "holds" });
    expect(resultOf(claim, [], [{ ...made, figures: { ...made.figures, ...changed } }])).toMatchObject({ verdict: "fails" });
  });

  test("of repeated headers takes the frames as well", () => {
    const [polls, frames] = [experiment("poll-headers", { http1: 650.4, http2: 80.2 }), experiment("websocket-frames", FRAMES)];
    expect(resultOf("Headers", [], [polls, frames])).toMatchObject({
      verdict: "holds",
      measured: "650 B a poll with a browser's headers over HTTP/1.1, 80 B over HTTP/2, 2 B a message on a WebSocket",
    });
    expect(resultOf("Headers", [], [experiment("poll-headers", { http1: 80, http2: 90 }), frames])).toMatchObject({ verdict: "fails" });
    expect(resultOf("Headers", [], [polls])).toMatchObject({ verdict: "open" });
  });

  test("tells what a server did that has no descriptors left", () => {
    expect(resultOf("exhaust", [], [experiment("descriptors-exhausted", EXHAUSTED)]).measured).toBe(
      "with 128 descriptors sse-node held 107 of 160 streams; 53 were cut off; 107 of those it held went on, and 10 of 10 newcomers got in once as many had left",
    );
  });

  test("is not known, with the reason, where it failed, was not made, or lacks what the kernel does not tell", () => {
    const failed = { ...experiment("browser-streams", {}), failure: "there is no browser here" };
    expect(resultOf("six event streams", [], [failed])).toMatchObject({ verdict: "open", measured: "there is no browser here" });
    expect(resultOf("six event streams", [])).toMatchObject({ verdict: "open", measured: "the run was stopped before" });
    const blind = experiment("connection-per-poll", { polls: 200, kept: 1, fresh: 2, kept_tls: 1, fresh_tls: 4 });
    expect(resultOf("TIME_WAIT", [], [blind])).toMatchObject({
      verdict: "open",
      measured: "this machine does not tell waiting_kept, waiting_fresh",
    });
  });
});

test("a run whose suite asks has its claims in the summary, in the terminal and in Markdown; no other has", () => {
  const { run, summary } = fixtureReport({ scenarios: [fixtureScenario()] });
  expect(summary.textbook).toBeUndefined();
  expect(formatTerminal(summary, { color: false, width: 80 })).not.toContain("textbooks");
  const hostile = { ...experiment("browser-streams", {}), failure: "\u001B[31m|no browser" };
  const asked = {
    ...summary,
    textbook: judgeTextbook(summary.cells, [experiment("websocket-frames", FRAMES), hostile]),
  };
  const text = formatTerminal(asked, { color: false, width: 80 });
  expect(text).toContain("✓ holds: A WebSocket's frame adds 2 to 14 bytes to a message.");
  expect(text).not.toContain("\u001B");
  expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
  const markdown = formatMarkdown(asked);
  expect(markdown).toContain("## What textbooks say");
  expect(markdown).not.toContain("\u001B");
  expect(run.record.suite.textbook).toBeUndefined();
});
