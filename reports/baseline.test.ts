import { describe, expect, it } from "vitest";
import type { Baseline, BaselineCell } from "../load/baseline-record.ts";
import { seededRandom } from "../load/random.ts";
import { baselineOfGate, baselineOfRun } from "./baseline-of-run.ts";
import { environmentDifferences, judgeBaseline } from "./baseline.ts";
import { failedArm, fixtureGate, GATE_QUESTION, where, withLedger } from "./fixture-gate.ts";
import { failed, fixtureRun, invalid, only } from "./fixture.ts";
import { ROUNDS_COMPLETED } from "./gate-report.ts";

const CPU = "server_cpu_us_per_delivery";
const TODAY = "2026-03-01";
const QUESTION = { ...GATE_QUESTION, metrics: [CPU, "delivery_latency_ms.p99"] };

/** So many trials of one cell, around `cpu` with a spread of `sigma`. */
function stored(cpu: number, { seed = 1, trials = 12, sigma = 0.02, ...changes }: Partial<Cell> = {}): Baseline {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const cell: BaselineCell = {
    server: "sse-node",
    scenario: "broadcast",
    trials,
    valid: trials,
    values: { [CPU]: Array.from({ length: trials }, () => cpu * Math.exp(sigma * normal())) },
    expected: 700_000,
    counts: { messages_lost: 0 },
    ...changes,
  };
  const { environment, startedAt } = fixtureRun({ servers: [] }).record;
  return { schemaVersion: 1, suite: "quick", startedAt, environment, cells: [cell] };
}

type Cell = BaselineCell & { readonly seed: number; readonly sigma: number };

const judge = (base: Baseline, head: Baseline) => judgeBaseline(base, head, QUESTION, [], TODAY);
const cpuOf = (report: ReturnType<typeof judge>) => report.checks.find(({ metric }) => metric === CPU)!;

describe("a run against a stored baseline", () => {
  it("fails where it is surely worse by more than δ, passes where surely by less than Δ", () => {
    expect(judge(stored(6), stored(6.9, { seed: 2 }))).toMatchObject({ kind: "baseline", verdict: "fail" });
    expect(cpuOf(judge(stored(6), stored(6.9, { seed: 2 }))).finding).toMatch(/^\+1\d\.\d % \[.*surely more than 3 % more/);
    expect(judge(stored(6), stored(6.1, { seed: 2 })).verdict).toBe("pass");
    expect(judge(stored(6), stored(6.6, { seed: 3, sigma: 0.15, trials: 4 })).verdict).toBe("inconclusive");
  });

  it("warns that it is not measured side by side, with the floor or that there is none", () => {
    const texts = (base: Baseline) =>
      judge(base, stored(6))
        .remarks.map(({ text }) => text)
        .join();
    expect(texts(stored(6))).toContain("38.8 % false alarms; its noise floor is not known");
    expect(texts({ ...stored(6), noiseFloor: { [CPU]: 0.08 } })).toContain(`its noise floor is ${CPU} 8 %, and no smaller change fails`);
  });

  it("judges by no smaller δ than the noise floor that it was recorded with", () => {
    const noisy = { ...stored(6), noiseFloor: { [CPU]: 0.2 } };
    const report = judge(noisy, stored(6.9, { seed: 2 }));
    expect(cpuOf(report)).toMatchObject({ verdict: "pass", evidence: { delta: 0.2, limit: 0.2 } });
    expect(judge(noisy, stored(8, { seed: 2 })).verdict).toBe("fail");
  });

  it("refuses another machine by name, and judges it where that is asked for", () => {
    const elsewhere = stored(6);
    const other = { ...elsewhere, environment: { ...elsewhere.environment, cores: 8, node: "v22.1.0" } };
    const report = judge(stored(6), other);
    expect(report).toMatchObject({ verdict: "invalid", checks: [] });
    expect(report.remarks.slice(0, 2).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^cores 2 in the baseline, now 8: .*--any-machine$/) as string,
      expect.stringMatching(/^Node's major version 20 in the baseline, now 22: /) as string,
    ]);
    const anyway = judgeBaseline(stored(6), other, QUESTION, [], TODAY, { anyMachine: true });
    expect(anyway.verdict).toBe("pass");
    expect(anyway.remarks[0]!.text).toBe("cores 2 in the baseline, now 8");
    expect(environmentDifferences(other.environment, { ...other.environment, node: "v22.9.3" })).toEqual([]);
  });

  it("counts exactly, by what was due", () => {
    const lost = stored(6, { seed: 2, counts: { messages_lost: 70 } });
    expect(judge(stored(6), lost).checks.find(({ metric }) => metric === "messages_lost")).toMatchObject({ verdict: "fail" });
    expect(judge({ ...lost }, lost).checks.find(({ metric }) => metric === "messages_lost")).toMatchObject({ verdict: "pass" });
    expect(judge(stored(6), stored(6, { expected: 0 })).verdict).toBe("invalid");
  });

  it("is invalid where a third of the trials of either side is, and where there are too few", () => {
    const doubtful = stored(6, { trials: 12, valid: 7, reason: "the probes queue" });
    for (const report of [judge(doubtful, stored(6)), judge(stored(6), doubtful)]) {
      expect(report.verdict).toBe("invalid");
      expect(report.checks[0]).toMatchObject({ metric: ROUNDS_COMPLETED, finding: expect.stringContaining("7 of 12 trials") as string });
    }
    expect(cpuOf(judge(stored(6), stored(6, { trials: 1 }))).finding).toBe(
      "12 values in the baseline and 1 now: two on either side are needed at least",
    );
  });

  it("is no pass where one side has a cell that the other has not", () => {
    const other = stored(6, { server: "sse-uws" });
    const both = { ...stored(6), cells: [...stored(6).cells, ...other.cells] };
    expect(judge(stored(6), both).verdict).toBe("inconclusive");
    expect(judge(both, stored(6)).verdict).toBe("inconclusive");
    expect(judge(both, stored(6)).remarks.map(({ text }) => text)).toContain("sse-uws · broadcast is in the baseline, and was not run");
    expect(judge(stored(6), other).verdict).toBe("inconclusive");
  });

  it("takes accepted regressions as a gate does", () => {
    const accepted = [{ server: "sse-node", metric: CPU, reason: "compression", expires: TODAY }];
    expect(judgeBaseline(stored(6), stored(6.9, { seed: 2 }), QUESTION, accepted, TODAY).verdict).toBe("pass");
  });
});

describe("a baseline", () => {
  it("of a run has a value a valid trial, and the events of all that were completed", () => {
    const run = fixtureRun({
      trials: 4,
      alter: only("sse-node", (measurement) =>
        measurement.trial.repetition === 1 ? failed(measurement) : measurement.trial.repetition === 2 ? invalid(measurement) : measurement,
      ),
    });
    const made = baselineOfRun(run, { [CPU]: 0.05 });
    const cell = made.cells.find(({ server }) => server === "sse-node")!;
    expect(cell).toMatchObject({ trials: 4, valid: 2, reason: "server exited with signal SIGKILL" });
    expect(cell.values[CPU]).toHaveLength(2);
    const own = run.measurements.filter(({ trial }) => trial.server === "sse-node" && trial.repetition > 1);
    expect(cell.expected).toBe(own.reduce((sum, { ledger }) => sum + ledger.whole.expected, 0));
    expect(cell.counts).toMatchObject({ messages_lost: 0, "errors.*": 0 });
    expect(made.noiseFloor).toEqual({ [CPU]: 0.05 });
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  it("of a gate has a value of head a round of the first pass", () => {
    const gate = fixtureGate({
      confirmation: true,
      change: { [CPU]: 2 },
      alter: (round) => withLedger("head", { lost: 1 })(where(({ round: n }) => n === 1, failedArm("head"))(round)),
    });
    const [cell] = baselineOfGate(gate).cells;
    expect(cell).toMatchObject({ trials: 12, valid: 11, counts: { messages_lost: 11 }, expected: 660_000 });
    expect(cell!.values[CPU]).toHaveLength(11);
    expect(Math.min(...cell!.values[CPU]!)).toBeGreaterThan(9);
  });

  it("of a run is no worse than itself", () => {
    const made = baselineOfRun(fixtureRun({ trials: 6 }));
    expect(judgeBaseline(made, made, GATE_QUESTION, [], TODAY).verdict).toBe("pass");
  });
});
