import { describe, expect, test } from "vitest";
import { CLOSED_LOOP } from "../load/measurement.ts";
import type { ValidityReason } from "../load/measurement.ts";
import { METRICS } from "../load/metric.ts";
import { seededRandom } from "../load/random.ts";
import { compareRuns } from "./comparison.ts";
import type { Bands, Change, Comparison } from "./comparison.ts";
import type { ComparedRun } from "./compared-run.ts";
import { fixtureReport } from "./fixture.ts";
import { spread } from "./statistics.ts";
import type { Cell } from "./summary.ts";

const CPU = "server_cpu_us_per_delivery";

const [TEMPLATE] = [fixtureReport({ servers: [{ name: "sse-node", transport: "sse", latencyMs: 2 }] })].map(
  ({ run, summary }): ComparedRun => ({ ...run, summary }),
) as [ComparedRun];
const CELL = TEMPLATE.summary.cells[0]!;

type Values = Readonly<Record<string, readonly number[]>>;

function cellOf(values: Values, changes: Partial<Cell> = {}): Cell {
  const metrics = Object.entries(values).map(
    ([name, all]) => [name, { unit: METRICS.get(name)?.unit ?? "", ...spread(all), values: all }] as const,
  );
  const trials = Math.max(1, ...Object.values(values).map(({ length }) => length));
  return { ...CELL, trials, metrics: Object.fromEntries(metrics), ...changes };
}

function runOf(...cells: readonly Cell[]): ComparedRun {
  return { ...TEMPLATE, summary: { ...TEMPLATE.summary, cells } };
}

function compareCells(base: Cell, head: Cell, bands?: Bands): Comparison {
  return compareRuns(runOf(base), runOf(head), bands);
}

/** What became of one metric. */
function changed(base: readonly number[], head: readonly number[], metric = CPU, bands?: Bands): Change {
  const comparison = compareCells(cellOf({ [metric]: base }), cellOf({ [metric]: head }), bands);
  return comparison.cells[0]!.changes.find((change) => change.metric === metric)!;
}

const INVALID: ValidityReason = { code: "probe-saturated", severity: "invalid", message: "too busy", advice: "rest" };
const spoilt = { valid: false, reasons: [{ ...INVALID, repetitions: [1] }] };

describe("a change", () => {
  test("is the ratio of the geometric means, with Welch's interval", () => {
    const { ratio, base, head, verdict } = changed([10, 10.2, 9.8, 10.1, 9.9, 10], [13, 13.2, 12.8, 13.1, 12.9, 13]);
    expect(ratio!.value).toBeCloseTo(1.3, 2);
    // s of the logarithms 0.0141 and 0.0109, SE 0.0073, t(.975, 9.4) 2.25.
    expect(Math.log(ratio!.high! / ratio!.low!) / 2).toBeCloseTo(0.0164, 3);
    expect([base!.median, head!.median, verdict]).toEqual([10, 13, "worse"]);
  });

  test.each([
    ["server_cpu_us_per_delivery", 1.3, "worse"],
    ["server_cpu_us_per_delivery", 0.7, "better"],
    ["delivery_rate", 1.3, "better"],
    ["delivery_rate", 0.7, "worse"],
    ["server_cpu_us_per_delivery", 1.01, "same"],
    ["delivery_latency_ms.p50", 1.2, "same"],
    ["delivery_latency_ms.p99", 1.4, "worse"],
  ])("of %s by %d is %s", (metric, factor, verdict) => {
    const base = [10, 10.05, 9.95, 10.02, 9.98, 10];
    expect(
      changed(
        base,
        base.map((value) => value * factor),
        metric,
      ).verdict,
    ).toBe(verdict);
  });

  test("is none within the band that was asked for", () => {
    const bands = { band: 0.5, latencyBand: 0.02 };
    expect(changed([10, 10.1, 9.9], [13, 13.1, 12.9], CPU, bands).verdict).toBe("same");
    expect(changed([10, 10.01, 9.99, 10], [11, 11.01, 10.99, 11], "delivery_latency_ms.p99", bands).verdict).toBe("worse");
  });

  test("of what is exact is told by two trials", () => {
    expect(changed([132, 132], [132, 132], "bytes_down_per_delivery")).toMatchObject({
      verdict: "same",
      ratio: { value: 1, low: 1, high: 1 },
    });
    expect(changed([132, 132], [152, 152], "bytes_down_per_delivery").verdict).toBe("worse");
  });

  test("of what has no good direction is no change", () => {
    const { cells } = compareCells(cellOf({ messages_published: [1, 2], host_cpu: [1, 1] }), cellOf({ messages_published: [5, 6] }));
    expect(cells[0]!.changes).toEqual([]);
  });
});

describe("what cannot be told says why", () => {
  test.each([
    [[10], [12, 12.1], "one trial in base: no interval", 1.205],
    [[10, 10.1], [12], "one trial in head: no interval", 1.194],
    [[10], [12], "one trial in base and head: no interval", 1.2],
  ])("one trial: %j against %j", (base, head, reason, ratio) => {
    const change = changed(base, head);
    expect(change).toMatchObject({ verdict: "unsure", reason });
    expect(change.ratio!.value).toBeCloseTo(ratio, 2);
    expect([change.ratio!.low, change.p, change.trialsToSettle]).toEqual([undefined, undefined, undefined]);
  });

  test("a value of 0, which has no ratio", () => {
    const change = changed([0, 3, 4], [9, 9, 9], "server_gc_ms");
    expect(change).toMatchObject({ verdict: "unsure", reason: "a value of 0 has no ratio" });
    expect(change.ratio).toBeUndefined();
    expect(changed([0, 0], [0, 0], "server_gc_ms").verdict).toBe("same");
  });

  test("a metric that one side does not have", () => {
    const { cells } = compareCells(cellOf({ [CPU]: [1, 2] }), cellOf({ delivery_rate: [5, 5] }));
    expect(cells[0]!.changes.map(({ metric, reason, verdict }) => [metric, reason, verdict])).toEqual([
      [CPU, "absent in head", "unsure"],
      ["delivery_rate", "absent in base", "unsure"],
    ]);
  });

  test.each([
    ["base", spoilt, undefined],
    ["head", undefined, spoilt],
    ["both", spoilt, spoilt],
  ])("a cell that is invalid in %s: never better, same or worse, but for what it lost", (where, ofBase, ofHead) => {
    const values = { [CPU]: [10, 10, 10], delivery_rate: [5, 5, 5], messages_lost: [0, 0, 0], messages_reordered: [50, 50, 50] };
    const slower = { ...values, [CPU]: [5, 5, 5], messages_lost: [20, 20, 20], messages_reordered: [0, 0, 0] };
    const { cells, differences } = compareCells(
      cellOf(values, ofBase === undefined ? {} : { validity: ofBase }),
      cellOf(slower, ofHead === undefined ? {} : { validity: ofHead }),
    );
    const told = Object.fromEntries(cells[0]!.changes.map(({ metric, verdict }) => [metric, verdict]));
    expect(told).toEqual({ [CPU]: "unsure", delivery_rate: "unsure", messages_lost: "worse", messages_reordered: "unsure" });
    for (const { reason } of cells[0]!.changes) expect(reason).toBe(`the cell is invalid in ${where}`);
    expect(cells[0]!.valid).toBe(false);
    expect(differences.invalid.map(({ run, message }) => [run, message])).toEqual(
      (where === "both" ? ["base", "head"] : [where]).map((run) => [run, "too busy"]),
    );
  });

  test("the latency of a closed loop, and only that", () => {
    const reason = { ...INVALID, code: CLOSED_LOOP, severity: "warning", repetitions: [1] } as const;
    const closed = { validity: { valid: true, reasons: [reason] } };
    const values = { "delivery_latency_ms.p99": [1, 1, 1], request_rate: [50, 50, 50] };
    const { cells } = compareCells(cellOf(values, closed), cellOf({ ...values, "delivery_latency_ms.p99": [9, 9, 9] }, closed));
    expect(cells[0]!.changes.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ["delivery_latency_ms.p99", "unsure"],
      ["request_rate", "same"],
    ]);
  });
});

describe("counts", () => {
  const lost = (base: readonly number[], head: readonly number[], expected = 1000): Change => {
    const of = (values: readonly number[]) => cellOf({ messages_lost: values, messages_expected: values.map(() => expected) });
    return compareCells(of(base), of(head)).cells[0]!.changes[0]!;
  };

  test("are told of one trial, by their exact odds over all of them", () => {
    expect(lost([0], [12])).toMatchObject({ kind: "count", verdict: "worse", base: { total: 0 }, head: { total: 12 } });
    expect(lost([20, 10], [0, 1])).toMatchObject({ verdict: "better", base: { total: 30 }, head: { total: 1 } });
    expect(lost([0, 0], [0, 0]).verdict).toBe("same");
    expect(lost([0, 0], [1, 1])).toMatchObject({ verdict: "unsure" });
  });

  test("of messages are weighed by how many were expected, others by the trials", () => {
    const base = cellOf({ messages_lost: [10], messages_expected: [1000], connections_lost: [3] });
    const head = cellOf({ messages_lost: [100], messages_expected: [10_000], connections_lost: [30] });
    const changes = compareCells(base, head).cells[0]!.changes;
    const of = (metric: string): Change => changes.find((change) => change.metric === metric)!;
    expect(of("messages_lost")).toMatchObject({ ratio: { value: 1 }, head: { exposure: { at: 10_000, of: "deliveries expected" } } });
    expect(of("connections_lost")).toMatchObject({ verdict: "worse", head: { exposure: { at: 1, of: "trials" } } });
  });

  test("of an error that did not occur on one side are 0 there", () => {
    const changes = compareCells(cellOf({ [CPU]: [1, 1, 1] }), cellOf({ "errors.connect": [9, 4], [CPU]: [1, 1, 1] })).cells[0]!.changes;
    expect(changes.find(({ metric }) => metric === "errors.connect")).toMatchObject({
      verdict: "worse",
      base: { total: 0, values: [0, 0, 0] },
      head: { total: 13 },
    });
  });
});

describe("how many trials would settle it", () => {
  const noisy = (around: number, noise: number) => [-1, 1, -1, 1, -1, 1].map((side) => around * (1 + side * noise));

  test("is what the half-width of so many trials needs, and more than there are", () => {
    const { verdict, trialsToSettle } = changed(noisy(10, 0.05), noisy(10.02, 0.05));
    expect(verdict).toBe("unsure");
    const trials = trialsToSettle as number;
    // s of the logarithms is 0.0548; t(.975, 60) = 2, and 2 · s · √(2/n) has to be less than ln 1.03 − ln 1.002.
    const width = (n: number) => 2 * 0.0548 * Math.sqrt(2 / n);
    const distance = Math.log(1.03 / 1.002);
    expect(width(trials * 1.05)).toBeLessThan(distance);
    expect(width(trials * 0.95)).toBeGreaterThan(distance);
  });

  test("tells, when they are made", () => {
    const { trialsToSettle } = changed(noisy(10, 0.05), noisy(10.7, 0.05));
    const repeats = Math.ceil((trialsToSettle as number) / 6) + 1;
    const many = (values: readonly number[]) => Array.from({ length: repeats }, () => values).flat();
    expect(changed(many(noisy(10, 0.05)), many(noisy(10.7, 0.05))).verdict).toBe("worse");
  });

  test("is no number where the estimate lies on the edge of the band", () => {
    const base = noisy(10, 0.05);
    expect(
      changed(
        base,
        base.map((value) => value * 1.03),
      ).trialsToSettle,
    ).toBe("none");
  });

  test("is known of counts too", () => {
    const { verdict, trialsToSettle } = changed([2, 1], [5, 3], "connections_lost");
    expect(verdict).toBe("unsure");
    expect(trialsToSettle).toBeGreaterThan(2);
  });

  test("is not said of what is decided", () => expect(changed([1, 1, 1], [2, 2, 2]).trialsToSettle).toBeUndefined());
});

describe("the rule, by simulation", () => {
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const trials = (around: number, noise: number) => Array.from({ length: 6 }, () => around * Math.exp(noise * normal()));

  function simulated(cells: number, noise: number, factor: number): Change[] {
    return Array.from({ length: cells }, () => changed(trials(10, noise), trials(10 * factor, noise)));
  }

  const share = (changes: readonly Change[], verdict: Change["verdict"]): number =>
    changes.filter((change) => change.verdict === verdict).length / changes.length;

  test("calls no more than 2.5 % of unchanged cells better or worse, at 5 % noise and 6 trials a side, each by itself", () => {
    const changes = simulated(1_500, 0.05, 1);
    expect(share(changes, "better") + share(changes, "worse")).toBeLessThanOrEqual(0.025);
  });

  test("calls about 2.5 % of cells worse whose change is that of the band's edge", () => {
    expect(share(simulated(1_500, 0.05, 1.03), "worse")).toBeLessThanOrEqual(0.034);
  });

  test("finds + 20 % at 3 % noise, each by itself and among thirty", () => {
    expect(share(simulated(300, 0.03, 1.2), "worse")).toBeGreaterThan(0.99);
    const names = Array.from({ length: 30 }, (_, at) => `server-${at}`);
    const run = (factor: (server: string) => number) =>
      runOf(...names.map((server) => cellOf({ [CPU]: trials(10 * factor(server), 0.03) }, { server })));
    const { cells } = compareRuns(
      run(() => 1),
      run((server) => (server === "server-3" ? 1.2 : 1)),
    );
    expect(cells.filter(({ changes }) => changes[0]!.verdict === "worse").map(({ server }) => server)).toEqual(["server-3"]);
  });

  test("is wrong about any of fifty unchanged cells in 5 of a hundred tables at most, with no band at all", () => {
    const bands = { band: 0, latencyBand: 0 };
    const tables = 60;
    let wrong = 0;
    let alone = 0;
    for (let n = 0; n < tables; n++) {
      const run = () => runOf(...Array.from({ length: 50 }, (_, at) => cellOf({ [CPU]: trials(10, 0.05) }, { server: `s${at}` })));
      const changes = compareRuns(run(), run(), bands).cells.map((cell) => cell.changes[0]!);
      if (changes.some(({ verdict }) => verdict === "worse" || verdict === "better")) wrong++;
      if (changes.some(({ reason }) => reason?.startsWith("told apart alone") === true)) alone++;
    }
    expect(wrong / tables).toBeLessThanOrEqual(0.12);
    // Without Holm's method most of these tables had some.
    expect(alone / tables).toBeGreaterThan(0.7);
  });
});

describe("Holm's method", () => {
  test("is over the headline metrics, and apart from them over all others", () => {
    const base = { [CPU]: [10, 10.1, 9.9], "delivery_latency_ms.p99": [5, 6, 7], server_uss_bytes: [1, 2, 3], messages_lost: [0, 0, 0] };
    const { rule } = compareCells(cellOf(base), cellOf(base));
    // Where nothing happened on either side there is nothing to test.
    expect(rule.tests).toEqual({ headline: 2, others: 1 });
  });
});

describe("what two runs differ in", () => {
  const values = { [CPU]: [10, 10, 10] };
  const environment = TEMPLATE.record.environment;

  test("refuses a cell whose workload is another one, and names what differs", () => {
    const other = { ...CELL.parameters, rate: 50, subscribers: 500 };
    const { cells, differences } = compareCells(cellOf(values), cellOf(values, { parameters: other }));
    expect(cells).toEqual([]);
    expect(differences.refused).toEqual([
      {
        server: "sse-node",
        scenario: "broadcast",
        differences: ["subscribers 100 in base, 500 in head", "rate 20 in base, 50 in head"],
      },
    ]);
  });

  test("refuses it for what its parameters do not show as well", () => {
    const head = runOf(cellOf(values));
    const scenarios = head.record.suite.scenarios.map((scenario) => ({ ...scenario, reconnect: "resume" as const, thresholds: [] }));
    const record = { ...head.record, suite: { ...head.record.suite, scenarios } };
    expect(compareRuns(runOf(cellOf(values)), { ...head, record }).differences.refused[0]!.differences).toEqual([
      "reconnect none in base, resume in head",
    ]);
  });

  test("names the cells of one side only, and compares the others", () => {
    const { cells, differences } = compareRuns(
      runOf(cellOf(values), cellOf(values, { server: "polling-node" })),
      runOf(cellOf(values), cellOf(values, { scenario: "topics" })),
    );
    expect(cells).toHaveLength(1);
    expect(differences.onlyBase).toEqual([{ server: "polling-node", scenario: "broadcast" }]);
    expect(differences.onlyHead).toEqual([{ server: "sse-node", scenario: "topics" }]);
  });

  test("names the machine and its versions, and what became of a run", () => {
    const base = runOf(cellOf(values, { library: { name: "ws", version: "8.1.0" } }));
    const head = runOf(cellOf(values, { library: { name: "ws", version: "8.2.0" } }));
    const moved = { ...environment, cpu: "another", cores: 4, kernel: "6.3.0", node: "22.1.0", pushbench: "0.2.0" };
    const record = { ...head.record, status: "partial" as const, environment: moved };
    const { differences } = compareRuns(base, { ...head, record });
    expect(differences.environment).toEqual([
      `processor ${environment.cpu} in base, another in head`,
      "cores 2 in base, 4 in head",
      "kernel 6.2.0 in base, 6.3.0 in head",
      "Node 20.20.2 in base, 22.1.0 in head",
      "pushbench 0.1.0 in base, 0.2.0 in head",
    ]);
    expect(differences.runs).toEqual(["head is partial", "library of sse-node ws 8.1.0 in base, ws 8.2.0 in head"]);
  });

  test("is nothing where they are alike", () => {
    expect(compareCells(cellOf(values), cellOf(values)).differences).toEqual({
      environment: [],
      runs: [],
      refused: [],
      onlyBase: [],
      onlyHead: [],
      invalid: [],
    });
  });
});

test("a comparison survives JSON: no figure in it is without a number", () => {
  const values = { messages_lost: [0, 0], messages_reordered: [9, 9], [CPU]: [10, 11], "errors.x": [0, 0], server_gc_ms: [0, 1] };
  const comparison = compareCells(cellOf(values), cellOf({ ...values, messages_lost: [40, 0], messages_reordered: [0, 0] }));
  expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  expect(JSON.stringify(comparison)).not.toContain("null");
});
