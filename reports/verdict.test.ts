import { describe, expect, it } from "vitest";
import type { Measurement } from "../load/measurement.ts";
import { failed, fixtureReport, fixtureRun, fixtureScenario, invalid } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";
import { summarize } from "./summary.ts";
import { intervalNote, judge } from "./verdict.ts";

function summaryOf(options: FixtureOptions) {
  return fixtureReport(options).summary;
}

/** A run whose p99 stand as told, a list a server with a value a trial. */
function p99s(values: Record<string, readonly number[]>, invalidServer = "") {
  const servers = Object.keys(values).map((name) => ({ name, transport: "sse", latencyMs: 1 }));
  const trials = Object.values(values)[0]!.length;
  return summaryOf({
    servers,
    trials,
    alter: (m) => {
      const own = { ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": values[m.trial.server]![m.trial.repetition - 1]! } };
      return m.trial.server === invalidServer ? invalid(own) : own;
    },
  });
}

const answer = (summary: ReturnType<typeof summaryOf>) => judge(summary).answers[0]!.text;

describe("judge", () => {
  it("names the lowest p99 and by what factor the others are behind", () => {
    expect(answer(p99s({ a: [4], b: [2], c: [20] }))).toBe("b has the lowest p99, 2 ms: a has 2.0 times as much, c 10 times as much");
  });

  it("does not tell apart what the ranges do not", () => {
    expect(answer(p99s({ a: [2, 3, 4], b: [3, 3.5, 5] }))).toMatch(/^a and b have the lowest p99 and cannot be told apart/);
    expect(answer(p99s({ a: [2, 2.1, 2.2], b: [3, 3.5, 5] }))).toMatch(/^a has the lowest p99/);
    const close = { a: [2, 3, 4], b: [3, 3.1, 5], c: [3, 3.2, 5], d: [30, 31, 32] };
    expect(answer(p99s(close))).toBe("a, b and c have the lowest p99 and cannot be told apart: 3 to 3.2 ms, d 10 times as much");
    expect(answer(p99s({ ...close, e: [3, 3.3, 5], f: [3, 3.4, 5] }))).toMatch(/^a, b and 3 others have the lowest p99 and cannot be/);
  });

  it("never ranks an invalid cell, however fast", () => {
    expect(answer(p99s({ a: [1], b: [2], c: [3] }, "a"))).toMatch(/^b has the lowest p99.*1 of 3 servers not ranked$/);
  });

  it("says that there is no valid cell", () => {
    expect(answer(summaryOf({ alter: invalid }))).toBe("No valid cell: none of 3 servers can be ranked");
  });

  it("says that there were too few deliveries for a p99", () => {
    const scenarios = [fixtureScenario({ subscribers: 2, rate: 1 })];
    expect(answer(summaryOf({ scenarios }))).toBe("Too few deliveries for a p99 in any valid cell");
  });

  it("answers each scenario apart", () => {
    const scenarios = ["one", "two"].map((name) => fixtureScenario({ name }));
    expect(judge(summaryOf({ scenarios })).answers.map(({ scenario }) => scenario)).toEqual(["one", "two"]);
  });

  it("puts status, failures and missing servers first", () => {
    const { record, measurements } = fixtureRun({ status: "partial", alter: (m) => (m.trial.index === 2 ? failed(m) : m) });
    const summary = summarize(
      { ...record, plannedTrials: 6, unavailable: [{ server: "sse-uws", reason: "no binary for this system" }] },
      measurements,
    );
    expect(judge(summary).notices).toEqual([
      "This run is partial: 2 of 6 trials completed.",
      "1 trial failed: server exited with signal SIGKILL.",
      "sse-uws did not run: no binary for this system.",
    ]);
  });
});

describe("what a run lacks", () => {
  const cut = (m: Measurement) => ({ ...failed(m), status: "partial", failure: { kind: "interrupted", message: "Ctrl-C" } }) as const;
  const noticesOf = (options: FixtureOptions, plannedTrials: number) => {
    const { record, measurements } = fixtureRun(options);
    return judge(summarize({ ...record, plannedTrials }, measurements)).notices;
  };

  it("counts what completed, and what was interrupted apart", () => {
    const alter: FixtureOptions["alter"] = (m) => (m.trial.index === 3 ? cut(m) : m);
    expect(noticesOf({ status: "partial", alter }, 3)).toEqual(["This run is partial: 2 of 3 trials completed, 1 interrupted."]);
  });

  it("says that trials of a complete run are missing", () => {
    expect(noticesOf({}, 6)).toEqual(["run.json plans 6 trials, 3 were found."]);
    expect(noticesOf({}, 3)).toEqual([]);
  });

  it("says once what changed while a run was stopped", () => {
    const { record, measurements } = fixtureRun();
    const stop = { startedAt: "2026-01-03T03:04:05.000Z", keptTrials: 1, environment: record.environment };
    const resumed = [[], ["cores 2, now 4"], ["cores 2, now 4", "Node v20.1.0, now v22.2.0"]].map((changes) => ({ ...stop, changes }));
    expect(judge(summarize({ ...record, resumed }, measurements)).notices).toEqual([
      "The trials were not all measured in the same place: cores 2, now 4; Node v20.1.0, now v22.2.0. Compare their cells with care.",
    ]);
    expect(judge(summarize({ ...record, resumed: resumed.slice(0, 1) }, measurements)).notices).toEqual([]);
  });
});

it.each([
  [1, "One trial: values without intervals."],
  [3, "fewer than six trials make no interval"],
  [6, "95 % interval"],
])("the note on intervals fits %d trials", (trials, expected) => {
  expect(intervalNote(summaryOf({ trials }))).toContain(expected);
});
