import { describe, expect, it } from "vitest";
import type { AcceptedRegression } from "../load/accepted.ts";
import type { GateRound } from "../load/gate-record.ts";
import { doubtful, failedArm, fixtureGate, NOISY_METRICS, where, withArm, withLedger } from "./fixture-gate.ts";
import type { GateFixture } from "./fixture-gate.ts";
import { judgeGate, needsConfirmation } from "./gate.ts";
import { ROUNDS_COMPLETED } from "./gate-report.ts";
import type { GateCheck, GateReport } from "./gate-report.ts";

const TODAY = "2026-03-01";
const CPU = "server_cpu_us_per_delivery";
const P99 = "delivery_latency_ms.p99";
/** All of them vary. */
const FIVE = NOISY_METRICS;

const judge = (options: GateFixture, accepted: readonly AcceptedRegression[] = []): GateReport =>
  judgeGate(fixtureGate(options), accepted, TODAY);

function check({ checks }: GateReport, metric: string, server = "sse-node"): GateCheck {
  const found = checks.find((each) => each.metric === metric && each.server === server);
  if (found === undefined) throw new Error(`no check of ${metric} on ${server}: ${checks.map((each) => each.metric).join(", ")}`);
  return found;
}

function without(metrics: Readonly<Record<string, number>>, name: string): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([other]) => other !== name));
}

const early = (rounds: number) => (round: GateRound) => round.round <= rounds;

describe("a ratio", () => {
  it("fails where the change is surely larger than δ, and shows it with both bounds", () => {
    const report = judge({ change: { [CPU]: 1.12 }, confirmation: true });
    const { verdict, finding, notes, evidence } = check(report, CPU);
    expect(verdict).toBe("fail");
    expect(report.verdict).toBe("fail");
    expect(finding).toMatch(
      /^\+1\d\.\d % \[\+\d+\.\d, \+1\d\.\d\], \d\.\d\d → \d\.\d\d µs: surely more than 3 % more \(p .*, Wilcoxon's 0\.00024\)$/,
    );
    expect(notes).toEqual([expect.stringMatching(/^confirmed: \+1\d\.\d % \[/)]);
    if (evidence.kind !== "ratio") throw new Error(evidence.kind);
    expect(evidence.change!.low).toBeLessThan(0.12);
    expect(evidence.change!.high).toBeGreaterThan(0.12);
    expect(evidence.pWilcoxon).toBeCloseTo(1 / 4096, 6);
    expect(evidence.confirmation!.p).toBeLessThan(0.05);
  });

  it("passes where it is surely smaller than Δ", () => {
    const report = judge({});
    expect(report.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(report.verdict).toBe("pass");
    expect(check(report, CPU).finding).toMatch(/surely no 10 % more$/);
  });

  it("is inconclusive between the two, with what could have been seen and the rounds that it takes", () => {
    const report = judge({ change: { [CPU]: 1.05 }, sigma: 0.2 });
    const { verdict, finding, evidence } = check(report, CPU);
    expect(verdict).toBe("inconclusive");
    expect(report.verdict).toBe("inconclusive");
    expect(finding).toMatch(/; \d\d(\.\d)? % more would have been seen; to tell 10 % takes \d+ rounds, and there are 12$/);
    if (evidence.kind !== "ratio") throw new Error(evidence.kind);
    expect(evidence.detectable).toBeGreaterThan(0.1);
    expect(evidence.roundsNeeded).toBeGreaterThan(12);
  });

  it("is worse in the direction that the metric names, the other one is a pass", () => {
    const rate = { question: { metrics: ["delivery_rate"] }, sigma: 0.01 };
    const planted = (factor: number): GateFixture => ({
      ...rate,
      alter: (round) =>
        withArm("head", () => ({ metrics: { delivery_rate: 1_000 * factor * (1 + 0.001 * round.round) } }))(
          withArm("base", () => ({ metrics: { delivery_rate: 1_000 } }))(round),
        ),
      confirmation: true,
    });
    expect(check(judge(planted(0.8)), "delivery_rate").verdict).toBe("fail");
    expect(check(judge(planted(0.8)), "delivery_rate").finding).toContain("surely more than 3 % less");
    expect(check(judge(planted(1.3)), "delivery_rate").verdict).toBe("pass");
    expect(check(judge({ change: { [CPU]: 0.7 } }), CPU).verdict).toBe("pass");
  });

  it("of exact figures needs no spread", () => {
    expect(check(judge({ change: { bytes_down_per_delivery: 1.04 }, confirmation: true }), "bytes_down_per_delivery").verdict).toBe("fail");
    expect(check(judge({ change: { bytes_down_per_delivery: 1.02 } }), "bytes_down_per_delivery").verdict).toBe("pass");
  });

  it("has limits of its own for latencies", () => {
    expect(check(judge({ change: { [P99]: 1.15 } }), P99).verdict).toBe("pass");
    expect(check(judge({ change: { [P99]: 1.4 }, confirmation: true }), P99).verdict).toBe("fail");
  });

  it("uses the slices where the metric stands in them, and the round's own figure where it does not", () => {
    const report = judge({ change: { server_memory_per_connection_bytes: 1.2 }, confirmation: true });
    expect(check(report, "server_memory_per_connection_bytes").verdict).toBe("fail");
    const misled = judge({ alter: withArm("head", ({ metrics }) => ({ metrics: { ...metrics, [CPU]: 99 } })) });
    expect(check(misled, CPU).verdict).toBe("pass");
  });

  it("is no check where neither version has the metric, and says so where no cell has it", () => {
    expect(judge({}).checks.some(({ metric }) => metric === "requests_per_delivery")).toBe(false);
    expect(judge({}).remarks).toEqual([]);
    const asked = judge({ question: { metrics: [CPU, "server_gc_ms"] } });
    expect(asked.remarks.map(({ text }) => text)).toEqual(["1 metric asked for and had by neither version in any cell: server_gc_ms"]);
    const polling = { ...fixtureGate().record.cells[0]!, transport: "polling" };
    const [remark] = judge({ record: { cells: [polling] } }).remarks;
    expect(remark!.text).toContain("requests_per_delivery");
  });

  it("is invalid where one version lacks the metric, or has no ratio, and never a pass", () => {
    const lacking = withArm("head", ({ slices }) => ({ slices: slices.map((slice) => without(slice, CPU)) }));
    const report = judge({ alter: lacking });
    expect(check(report, CPU)).toMatchObject({ verdict: "invalid", finding: `head has no ${CPU} in any round, and base has` });
    expect(report.verdict).toBe("invalid");
    const zeros = withArm("base", ({ slices }) => ({ slices: slices.map((slice) => ({ ...slice, [CPU]: 0 })) }));
    expect(check(judge({ alter: zeros }), CPU).verdict).toBe("invalid");
  });

  it("is invalid where it is missing in more than a third of the rounds, and judged where in fewer", () => {
    const missing = (rounds: number) =>
      where(
        early(rounds),
        withArm("head", () => ({ slices: [] })),
      );
    expect(check(judge({ alter: missing(4) }), CPU).verdict).toBe("pass");
    expect(check(judge({ alter: missing(5) }), CPU)).toMatchObject({
      verdict: "invalid",
      finding: "only 7 of 12 rounds can be used: 5 without a value",
    });
  });

  it("of a metric that is neither good nor bad cannot be gated", () => {
    const report = judge({
      question: { metrics: ["publish_rate"] },
      alter: (round) =>
        withArm("head", () => ({ metrics: { publish_rate: 5 } }))(withArm("base", () => ({ metrics: { publish_rate: 4 } }))(round)),
    });
    expect(check(report, "publish_rate")).toMatchObject({
      verdict: "invalid",
      finding: expect.stringContaining("cannot be gated") as string,
    });
  });

  it("of a single round is invalid", () => {
    expect(check(judge({ question: { rounds: 1 } }), CPU).verdict).toBe("invalid");
  });
});

describe("a count", () => {
  it("fails every time at one lost in ten thousand of 700,000 deliveries, and not where base loses as much", () => {
    for (let seed = 1; seed <= 20; seed++) {
      // 12 × 60,000 deliveries, 72 of them lost.
      const report = judge({ seed, confirmation: true, alter: withLedger("head", { lost: 6 }) });
      expect(check(report, "messages_lost").verdict).toBe("fail");
      const both = judge({
        seed,
        confirmation: true,
        alter: (round) => withLedger("base", { lost: 6 })(withLedger("head", { lost: 6 })(round)),
      });
      expect(check(both, "messages_lost").verdict).toBe("pass");
    }
  });

  it("says how many of how many, and by what odds", () => {
    expect(check(judge({ confirmation: true, alter: withLedger("head", { lost: 6 }) }), "messages_lost")).toMatchObject({
      finding: "72 of 720,000 deliveries, base 0 of 720,000: more than chance would have it (p < 0.0001)",
    });
  });

  it.each(["duplicated", "reordered", "corrupt"] as const)("of what was %s is checked as well", (kind) => {
    expect(check(judge({ confirmation: true, alter: withLedger("head", { [kind]: 3 }) }), `messages_${kind}`).verdict).toBe("fail");
  });

  it.each([
    ["server_fds_leaked", "server_fds_leaked"],
    ["connections_lost", "connections_lost"],
    ["errors.reset", "errors.*"],
    ["errors.timeout", "errors.*"],
  ])("of %s is checked as %s", (name, metric) => {
    const alter = withArm("head", ({ metrics }) => ({ metrics: { ...metrics, [name]: 2 } }));
    expect(check(judge({ confirmation: true, alter }), metric).verdict).toBe("fail");
  });

  it("of a few that may be chance is inconclusive", () => {
    const alter = where((round) => round.round === 1, withLedger("head", { lost: 1 }));
    expect(check(judge({ alter }), "messages_lost")).toMatchObject({
      verdict: "inconclusive",
      finding: expect.stringContaining("it may be chance") as string,
    });
  });

  it("weighs what was due: half as many of half as many are as many", () => {
    const alter = (round: GateRound) =>
      withLedger("base", { expected: 60_000, lost: 10 })(withLedger("head", { expected: 30_000, lost: 5 })(round));
    expect(check(judge({ alter }), "messages_lost").verdict).toBe("pass");
  });

  it("is checked in rounds whose latencies nobody believes", () => {
    const alter = (round: GateRound) => doubtful("clock_error")(withLedger("head", { lost: 6 })(round));
    expect(check(judge({ confirmation: true, alter }), "messages_lost").verdict).toBe("fail");
  });

  it("is invalid where one version does not have it, and no check where neither has", () => {
    const lacking = withArm("head", ({ metrics }) => ({ metrics: without(metrics, "server_fds_leaked") }));
    expect(check(judge({ alter: lacking }), "server_fds_leaked").verdict).toBe("invalid");
    const neither = judge({
      alter: (round) => lacking(withArm("base", ({ metrics }) => ({ metrics: without(metrics, "server_fds_leaked") }))(round)),
    });
    expect(neither.checks.some(({ metric }) => metric === "server_fds_leaked")).toBe(false);
  });

  it("is invalid where nothing was due", () => {
    expect(check(judge({ alter: withLedger("head", { expected: 0 }) }), "messages_lost")).toMatchObject({
      verdict: "invalid",
      finding: "no delivery was due at head",
    });
  });
});

describe("a round", () => {
  it.each([
    "host_steal",
    "foreign_load",
    "cgroup_throttled",
    "publisher_late",
    "probe_saturated",
    "probes_queue",
    "population_inflated",
    "generator_waits_for_core",
    "not_steady",
    "samples_missing",
  ])("with %s spoils latencies alone", (code) => {
    const report = judge({ alter: where(early(5), doubtful(code)) });
    expect(check(report, P99)).toMatchObject({
      verdict: "invalid",
      finding: `only 7 of 12 rounds can be used: 5 spoiled by ${code} (${code} was seen)`,
    });
    expect(check(report, CPU).verdict).toBe("pass");
    expect(report.verdict).toBe("invalid");
  });

  it("with any other invalid reason, in either version, spoils all ratios", () => {
    for (const version of ["base", "head"] as const) {
      const report = judge({ alter: where(early(5), doubtful("messages_unsent", version)) });
      expect([P99, CPU].map((metric) => check(report, metric).verdict)).toEqual(["invalid", "invalid"]);
    }
  });

  it("is judged without those that are spoiled, where two thirds are left", () => {
    const tilted = where(early(4), (round) =>
      doubtful("latency_overflow")(withArm("head", ({ slices }) => ({ slices: slices.map((slice) => ({ ...slice, [CPU]: 99 })) }))(round)),
    );
    expect(check(judge({ alter: tilted }), CPU).verdict).toBe("pass");
  });

  it("in which head failed twice and base never is a failure of the cell, the first message with it", () => {
    const report = judge({ alter: where(early(2), failedArm("head")) });
    expect(check(report, ROUNDS_COMPLETED)).toMatchObject({
      verdict: "fail",
      finding: "head could not in 2 of 12 rounds: server exited with signal SIGSEGV; base could in all of them",
    });
    expect(report.verdict).toBe("fail");
    // The rounds that are left tell as much as they do.
    expect(check(report, CPU).verdict).toBe("pass");
  });

  it("in which head never did anything leaves nothing else to say", () => {
    const report = judge({ alter: failedArm("head") });
    expect(report.checks.map(({ metric, verdict }) => [metric, verdict])).toEqual([[ROUNDS_COMPLETED, "fail"]]);
  });

  it("in which both failed makes the cell invalid, and once is left out and said", () => {
    const both = judge({
      alter: (round) => where(early(2), failedArm("head"))(where((each) => each.round === 5, failedArm("base"))(round)),
    });
    expect(check(both, ROUNDS_COMPLETED).verdict).toBe("invalid");
    const once = judge({ alter: where((round) => round.round === 3, failedArm("head", "no ready line")) });
    expect(once.verdict).toBe("pass");
    expect(once.remarks.map(({ text }) => text)).toContain(
      "sse-node · broadcast: 11 of 12 rounds were used: 1 in which head failed (no ready line)",
    );
  });

  it("that a process of the generator did not survive is none of head's doing", () => {
    const alter = where(
      early(3),
      withArm("head", () => ({ status: "failed" as const, failure: { kind: "worker" as const, message: "worker 2 ended" } })),
    );
    expect(judge({ alter }).verdict).toBe("pass");
  });

  it("beside neighbours that came once it had begun is remarked on, where the versions had turns", () => {
    const beside = (cores: number, mode: GateRound["mode"]) => judge({ alter: (round) => ({ ...round, mode, neighbourCores: cores }) });
    const [remark] = beside(0.7, "interleaved").remarks;
    expect(remark!.text).toMatch(/^something else used 0\.70 of \d+ cores .* \(median of 12 rounds\): --mode duet /);
    expect(beside(0.1, "interleaved").remarks).toEqual([]);
    expect(beside(0.7, "duet").remarks).toEqual([]);
  });

  it("that was not made leaves the cell invalid: a gate that was stopped does not pass", () => {
    const report = judge({ made: 7, record: { status: "partial", stopped: "the budget of 5m was used up" } });
    expect(report.checks.map(({ metric, finding }) => [metric, finding])).toEqual([
      [ROUNDS_COMPLETED, "only 7 of 12 rounds can be used: 5 not made"],
    ]);
    expect(report.verdict).toBe("invalid");
    expect(report.remarks[0]!.text).toBe("rounds are missing: the budget of 5m was used up");
    expect(judge({ made: 0 }).verdict).toBe("invalid");
    expect(judge({ made: 8 }).verdict).toBe("pass");
  });
});

describe("a failure", () => {
  const change = { [CPU]: 1.12 };

  it("is not proven before it was confirmed", () => {
    const report = judge({ change });
    expect(check(report, CPU)).toMatchObject({ verdict: "inconclusive", notes: [expect.stringMatching(/^not confirmed yet/)] });
    expect(report.verdict).toBe("inconclusive");
  });

  it("that does not show again is inconclusive, whatever the second pass says alone", () => {
    expect(check(judge({ change, confirmation: {} }), CPU)).toMatchObject({
      verdict: "inconclusive",
      notes: [expect.stringMatching(/^failed once, not confirmed: /)],
    });
  });

  it("of the second pass alone is none", () => {
    expect(check(judge({ confirmation: change }), CPU).verdict).toBe("pass");
  });

  it("whose confirmation is spoiled is invalid", () => {
    const alter = where(({ pass, round }) => pass === "confirmation" && round <= 6, doubtful("latency_overflow"));
    expect(check(judge({ change, confirmation: true, alter }), CPU)).toMatchObject({
      verdict: "invalid",
      notes: [expect.stringContaining("the confirmation cannot be judged") as string],
    });
  });

  it("stands by itself where nobody was to confirm it", () => {
    const report = judgeGate(fixtureGate({ change }), [], TODAY, { confirm: false });
    expect(check(report, CPU)).toMatchObject({ verdict: "fail", notes: ["not confirmed, as was asked"] });
  });

  it("is adjusted in the confirmation over what was to be confirmed alone", () => {
    const gate = fixtureGate({ servers: ["a", "b", "c"], change, confirmation: true });
    const { evidence } = check(judgeGate(gate, [], TODAY), CPU, "a");
    const alone = judgeGate({ ...gate, record: { ...gate.record, cells: gate.record.cells.slice(0, 1) } }, [], TODAY);
    const single = check(alone, CPU, "a").evidence;
    if (evidence.kind !== "ratio" || single.kind !== "ratio") throw new Error("no ratio");
    expect(evidence.confirmation!.p! / single.confirmation!.p!).toBeLessThanOrEqual(3.0001);
    expect(evidence.p! / single.p!).toBeLessThanOrEqual(3.0001);
  });

  it("names the cells that are to be run again, and those alone", () => {
    const gate = fixtureGate({ servers: ["a", "b"], alter: where(({ server }) => server === "b", withLedger("head", { lost: 9 })) });
    expect(needsConfirmation(gate).map(({ server }) => server)).toEqual(["b"]);
    expect(needsConfirmation(fixtureGate())).toEqual([]);
    expect(needsConfirmation(gate, [{ server: "b", metric: "messages_lost", reason: "known", expires: TODAY }], TODAY)).toEqual([]);
  });
});

describe("an accepted regression", () => {
  const entry: AcceptedRegression = { server: "sse-node", metric: CPU, reason: "compression is on", expires: TODAY };
  const failing: GateFixture = { change: { [CPU]: 1.12 }, confirmation: true };

  it("counts as a pass with its reason, to the end of its last day", () => {
    const report = judge(failing, [entry]);
    expect(check(report, CPU)).toMatchObject({ verdict: "pass", accepted: entry });
    expect(check(report, CPU).notes).toContain(`accepted until ${TODAY}: compression is on`);
    expect(report.verdict).toBe("pass");
  });

  it("accepts nothing once it has expired, and that is said", () => {
    const report = judge(failing, [{ ...entry, expires: "2026-02-28" }]);
    expect(report.verdict).toBe("fail");
    expect(check(report, CPU).notes.join()).toContain("was accepted until 2026-02-28, which has passed");
    expect(report.remarks.map(({ text }) => text).join()).toContain("expired on 2026-02-28");
  });

  it("accepts no more than its limit", () => {
    expect(judge(failing, [{ ...entry, limit: 0.2 }]).verdict).toBe("pass");
    const report = judge(failing, [{ ...entry, limit: 0.05 }]);
    expect(report.verdict).toBe("fail");
    expect(check(report, CPU).notes.join()).toMatch(/accepted up to 5 % only and this is \+1\d\.\d %/);
  });

  it("concerns its server, scenario and metric alone, and is remarked on where that is nothing", () => {
    for (const other of [{ server: "sse-uws" }, { scenario: "fan-out" }, { metric: P99 }]) {
      expect(judge(failing, [{ ...entry, ...other }]).verdict).toBe("fail");
    }
    const texts = judge(failing, [{ ...entry, server: "sse-uws" }]).remarks.map(({ text }) => text);
    expect(texts).toContain(`accepted regression of ${CPU} on sse-uws: nothing in this gate is checked that it would concern`);
    expect(judge({}, [entry]).remarks.map(({ text }) => text)).toContain(
      `accepted regression of ${CPU} on sse-node: not needed, for it passes without`,
    );
  });

  it("covers what cannot be told from a failure, and nothing that could not be measured", () => {
    expect(check(judge({ change: { [CPU]: 1.05 }, sigma: 0.2 }, [entry]), CPU).verdict).toBe("pass");
    const spoiled = where(early(5), doubtful("latency_overflow"));
    expect(check(judge({ ...failing, alter: spoiled }, [entry]), CPU).verdict).toBe("invalid");
  });
});

it("is as bad as its worst: a failure before doubt, doubt before what cannot be told", () => {
  const lost = withLedger("head", { lost: 6 });
  const spoiled = where(early(5), doubtful("host_steal"));
  expect(judge({ confirmation: true, alter: (round) => spoiled(lost(round)) }).verdict).toBe("fail");
  expect(judge({ change: { [CPU]: 1.05 }, sigma: 0.2, alter: spoiled }).verdict).toBe("invalid");
  expect(judge({ record: { cells: [] } }).verdict).toBe("invalid");
  expect(judge({ record: { status: "failed", stopped: "base does not build" } }).verdict).toBe("invalid");
});

it("can be told to a program: nothing in it is lost in JSON", () => {
  const report = judge({ change: { [CPU]: 1.3 }, sigma: 0.6 });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

// A second each; a machine that does much else takes ten times as long.
describe("by simulation", { timeout: 60_000 }, () => {
  const servers = ["a", "b", "c"];
  const question = { metrics: FIVE, latencyDelta: 0.03, latencyLimit: 0.1 };

  it("a gate of three cells and five metrics says fail of the same version in 2.5 of 100 cases at most", () => {
    let fails = 0;
    const gates = 100;
    for (let seed = 1; seed <= gates; seed++) {
      if (judge({ servers, seed, sigma: 0.03, question, confirmation: true }).verdict === "fail") fails++;
    }
    expect(fails / gates).toBeLessThanOrEqual(0.025);
  });

  it("the first pass alone keeps its five of a hundred over all of its checks, where every change is as large as δ", () => {
    const change = Object.fromEntries(question.metrics.map((metric) => [metric, 1.03]));
    let first = 0;
    const gates = 150;
    for (let seed = 1; seed <= gates; seed++) {
      const gate = fixtureGate({ servers, seed, sigma: 0.03, question, change });
      if (needsConfirmation(gate).length > 0) first++;
    }
    // Four standard errors above 5 %.
    expect(first / gates).toBeLessThan(0.12);
    expect(first).toBeGreaterThan(0);
  });

  it("ten percent more at a spread of 3 % fails in 95 of 100 cases at least", () => {
    let caught = 0;
    const gates = 100;
    for (let seed = 1; seed <= gates; seed++) {
      const report = judge({ servers, seed, sigma: 0.03, question, change: { [CPU]: 1.1 }, confirmation: true });
      if (check(report, CPU, "a").verdict === "fail") caught++;
    }
    expect(caught / gates).toBeGreaterThanOrEqual(0.95);
  });
});

describe("what is only watched", () => {
  const watched = { metrics: ["server_cpu_us_per_delivery"], watched: ["delivery_latency_ms.p50", "server_cpu_us_per_delivery"] };

  it("is judged and shown, and no part of the verdict", () => {
    const { verdict, checks } = judgeGate(fixtureGate({ question: watched, change: { "delivery_latency_ms.p50": 3 } }), [], TODAY);
    const ratios = checks.filter(({ evidence }) => evidence.kind === "ratio");
    expect(ratios.map(({ metric, advisory, verdict: own }) => [metric, advisory ?? false, own])).toEqual([
      ["server_cpu_us_per_delivery", false, "pass"],
      ["delivery_latency_ms.p50", true, "fail"],
    ]);
    expect(verdict).toBe("pass");
  });

  it("is not measured again", () => {
    expect(needsConfirmation(fixtureGate({ question: watched, change: { "delivery_latency_ms.p50": 3 } }))).toEqual([]);
  });
});
