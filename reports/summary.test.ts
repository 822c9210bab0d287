import { describe, expect, it } from "vitest";
import type { Measurement } from "../load/measurement.ts";
import { failed, fixtureReport, fixtureRun, fixtureScenario, invalid, QUICK_SERVERS, SPIKE } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";
import { summarize } from "./summary.ts";
import type { Cell } from "./summary.ts";

function summaryOf(options: FixtureOptions) {
  return fixtureReport(options).summary;
}

function cellOf(options: FixtureOptions, server = "sse-node"): Cell {
  return summaryOf(options).cells.find((cell) => cell.server === server)!;
}

describe("summarize", () => {
  it("has the phases of a cell, each figure over its trials, and what they were among its parameters", () => {
    const backlogs = [4, 9, 6];
    const { phases, parameters } = cellOf({
      scenarios: [SPIKE],
      trials: 3,
      alter: (m) => ({
        ...m,
        phases: m.phases!.map((p) => ({ ...p, metrics: { ...p.metrics, delivery_backlog: backlogs[m.trial.repetition - 1]! } })),
      }),
    });
    expect(phases!.map(({ name, fromSecond, toSecond }) => [name, fromSecond, toSecond])).toEqual([
      ["calm", 0, 6],
      ["ramp", 6, 11],
      ["spike", 11, 13],
      ["after", 13, 20],
    ]);
    expect(phases![2]!.metrics["delivery_backlog"]).toMatchObject({ median: 6, low: 4, high: 9, values: backlogs });
    expect(phases!.map(({ recovery }) => recovery?.after)).toEqual([undefined, undefined, undefined, "spike"]);
    expect(parameters["phases"]).toBe("calm 6 s at 20/s, ramp 5 s from 20/s to 80/s, spike 2 s at 120/s, after 7 s at 20/s");
    expect(cellOf({})).not.toHaveProperty("phases");
  });

  it("has a cell for each server and scenario, in natural order whatever order the trials ran in", () => {
    const { record, measurements } = fixtureRun({
      trials: 2,
      scenarios: ["s-10", "s-9"].map((name) => fixtureScenario({ name })),
    });
    const { cells } = summarize(record, measurements.toReversed());
    expect(cells.map(({ scenario, server, trials }) => [scenario, server, trials])).toEqual([
      ["s-9", "polling-node", 2],
      ["s-9", "sse-node", 2],
      ["s-9", "websocket-ws", 2],
      ["s-10", "polling-node", 2],
      ["s-10", "sse-node", 2],
      ["s-10", "websocket-ws", 2],
    ]);
  });

  it("gives each metric its unit, median, range and the value of every trial", () => {
    const { measurements } = fixtureRun({ trials: 3 });
    const values = measurements
      .filter(({ trial }) => trial.server === "sse-node")
      .map(({ metrics }) => metrics["delivery_latency_ms.p99"]!);
    const { metrics } = cellOf({ trials: 3 });
    expect(metrics["delivery_latency_ms.p99"]).toEqual({
      unit: "ms",
      median: values.toSorted((a, b) => a - b)[1],
      low: Math.min(...values),
      high: Math.max(...values),
      interval: "range",
      values,
    });
  });

  it("names the interval: none of one trial, the range of five, 95% of six", () => {
    const kinds = [1, 5, 6].map((trials) => cellOf({ trials }).metrics["delivery_latency_ms.p50"]!.interval);
    expect(kinds).toEqual(["none", "range", "95%"]);
  });

  it("leaves an absent metric absent", () => {
    const { metrics } = cellOf({});
    expect(metrics["delivery_latency_ms.p50"]).toBeDefined();
    expect("server_fds_leaked" in metrics).toBe(false);
  });

  it("puts what the matrix varied before what every workload has", () => {
    const scenarios = [fixtureScenario({ parameters: { payload: 64 }, subscribers: 10 })];
    const { parameters } = cellOf({ scenarios });
    expect(Object.keys(parameters)[0]).toBe("payload");
    expect(parameters).toMatchObject({ payload: 64, subscribers: 10, rate: 20, payloadBytes: 128, tls: false });
  });

  it("makes a cell invalid for one invalid trial of three, and says in which", () => {
    const { validity } = cellOf({ trials: 3, alter: (m) => (m.trial.repetition === 2 ? invalid(m) : m) });
    expect(validity.valid).toBe(false);
    expect(validity.reasons).toMatchObject([{ code: "probe-saturated", repetitions: [2] }]);
  });

  it("counts a failed trial with its failure, in no metric, and does not rank by the survivors", () => {
    const cell = cellOf({ trials: 3, alter: (m) => (m.trial.repetition === 2 ? failed(m) : m) });
    expect(cell.trials).toBe(3);
    expect(cell.failures).toEqual([{ repetition: 2, kind: "server-exit", message: "server exited with signal SIGKILL" }]);
    expect(cell.metrics["messages_lost"]!.values).toHaveLength(2);
    expect(cell.validity.valid).toBe(false);
  });

  it("takes no figure of a trial that did not complete, also where it has some", () => {
    const alter = (m: Measurement): Measurement => (m.trial.repetition === 2 ? { ...failed(m), metrics: m.metrics } : m);
    const [whole, cut] = [cellOf({ trials: 3 }), cellOf({ trials: 3, alter })].map(
      ({ metrics }) => metrics["delivery_latency_ms.p99"]!.values,
    );
    expect(cut).toEqual([whole![0], whole![2]]);
  });

  it("believes a trial that calls itself invalid and gives no reason", () => {
    const alter = (m: Measurement): Measurement => (m.trial.repetition === 2 ? { ...m, validity: { valid: false, reasons: [] } } : m);
    expect(cellOf({ trials: 3, alter }).validity.valid).toBe(false);
  });

  it("only warns of an interrupted trial beside complete ones, but has no valid cell without any", () => {
    const cut = (m: Parameters<NonNullable<FixtureOptions["alter"]>>[0]) =>
      ({ ...failed(m), status: "partial", failure: { kind: "interrupted", message: "stopped by Ctrl-C" } }) as const;
    const some = cellOf({ trials: 2, alter: (m) => (m.trial.repetition === 2 ? cut(m) : m) });
    const none = cellOf({ trials: 1, alter: cut });
    expect([some.validity.valid, some.validity.reasons[0]?.severity]).toEqual([true, "warning"]);
    expect([none.validity.valid, Object.keys(none.metrics)]).toEqual([false, []]);
  });

  it("has scenarios that differ in subscribers in the order of their numbers, which is not that of their names", () => {
    const scenarios = [500, 2_000, 10_000].map((subscribers) =>
      fixtureScenario({ name: `s,subscribers=${subscribers === 500 ? "500" : `${subscribers / 1_000}k`}`, subscribers, rate: 1 }),
    );
    const { cells } = summaryOf({ scenarios, servers: QUICK_SERVERS.slice(0, 1) });
    expect(cells.map(({ parameters }) => parameters["subscribers"])).toEqual([500, 2_000, 10_000]);
  });

  it("says of each percentile that it is of all subscribers where it is so in any trial", () => {
    const alter = (m: Measurement): Measurement => ({
      ...m,
      deliveryLatencySource: { p50: "probes", p99: m.trial.repetition === 2 ? "population" : "probes" },
    });
    expect(cellOf({ trials: 3, alter }).deliveryLatencySource).toEqual({ p50: "probes", p99: "population" });
  });

  it("knows of a trial that was not made how many subscribers it was to have", () => {
    const { record, measurements } = fixtureRun();
    const skipped = [
      { index: 4, server: "sse-node", scenario: "broadcast", reason: "no room" },
      { index: 5, server: "sse-node", scenario: "unheard of", reason: "no room" },
    ];
    const summary = summarize({ ...record, skipped }, measurements);
    expect(summary.skipped).toEqual([{ ...skipped[0], subscribers: 100 }, skipped[1]]);
  });

  it("keeps the run's status, its plan and what could not run", () => {
    const { record, measurements } = fixtureRun({ status: "partial" });
    const unavailable = [{ server: "sse-uws", reason: "needs glibc 2.38" }];
    const summary = summarize({ ...record, plannedTrials: 9, unavailable }, measurements);
    expect(summary).toMatchObject({ status: "partial", suite: "quick", trials: { planned: 9, saved: 3 }, unavailable });
  });
});
