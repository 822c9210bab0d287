import { expect, test } from "vitest";
import { joinRuns } from "./joined-run.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import type { SavedRun } from "./results.ts";
import type { Scenario } from "./suite.ts";

const ENVIRONMENT = {
  ...{ pushbench: "0.1.0", node: "v20.20.0", os: "Debian 12", kernel: "6.1.0", cpu: "a cpu", cores: 2, memoryBytes: 2 ** 30 },
  descriptorsPerProcess: 1024,
};

interface Given {
  readonly directory?: string;
  readonly servers?: readonly string[];
  readonly rate?: number;
  readonly startedAt?: string;
  readonly trials?: number;
  readonly record?: Partial<RunRecord>;
}

function saved({
  directory = "one",
  servers = ["sse-node"],
  rate = 10,
  startedAt = "2026-01-01",
  trials = 1,
  record = {},
}: Given = {}): SavedRun {
  const scenario = { name: "broadcast", rate, thresholds: [{ metric: directory }] } as unknown as Scenario;
  return {
    directory,
    record: {
      ...{ schemaVersion: 1, status: "complete", command: `pushbench run ${directory}`, seed: 1, startedAt, endedAt: `${startedAt}T01` },
      ...{ plannedTrials: servers.length * trials, unavailable: [], environment: ENVIRONMENT },
      suite: { name: directory, servers, scenarios: [scenario] },
      ...record,
    } as unknown as RunRecord,
    measurements: servers.flatMap((server, s) =>
      Array.from(
        { length: trials },
        (_, n) =>
          ({
            trial: { index: s * trials + n + 1, repetition: n + 1, server, startedAt: `${startedAt}-${n}` },
            scenario,
          }) as unknown as Measurement,
      ),
    ),
  };
}

test("cells of the same name are one, with the trials of all; others stand beside them", () => {
  const joined = joinRuns(
    [saved({ trials: 2 }), saved({ directory: "two", servers: ["sse-node", "websocket-ws"], startedAt: "2026-01-02" })],
    "results/joined",
  );
  expect(joined.directory).toBe("results/joined");
  expect(joined.measurements.map(({ trial: { index, server, repetition } }) => [index, server, repetition])).toEqual([
    [1, "sse-node", 1],
    [2, "sse-node", 2],
    [3, "sse-node", 3],
    [4, "websocket-ws", 1],
  ]);
  expect(joined.record).toMatchObject({
    ...{ status: "complete", plannedTrials: 4, startedAt: "2026-01-01", endedAt: "2026-01-02T01" },
    command: "pushbench run one && pushbench run two",
    suite: { name: "one + two", servers: ["sse-node", "websocket-ws"], scenarios: [{ name: "broadcast" }] },
    resumed: [{ startedAt: "2026-01-02", keptTrials: 2, changes: [] }],
  });
});

test("is as whole as the least of them, and says what of the machines differs", () => {
  const other = saved({
    directory: "two",
    startedAt: "2026-01-02",
    record: { status: "partial", environment: { ...ENVIRONMENT, cores: 8 } },
  });
  const { record } = joinRuns([saved(), other], "x");
  expect(record.status).toBe("partial");
  expect(record.resumed!.flatMap(({ changes }) => changes)).toEqual(["cores 2, now 8"]);
});

test("keeps what was skipped and unavailable, and the last experiments", () => {
  const experiments = [{ name: "round-trips", startedAt: "", durationMs: 1, figures: {} }] as const;
  const skipped = [{ index: 1, server: "sse-uws", scenario: "broadcast", reason: "too many" }];
  const unavailable = [{ server: "sse-uws", reason: "does not load" }];
  const { record } = joinRuns(
    [saved({ record: { skipped, unavailable, experiments } }), saved({ directory: "two", startedAt: "2", record: { unavailable } })],
    "x",
  );
  expect(record).toMatchObject({ skipped, unavailable, experiments });
});

test.each([
  [
    "a scenario of two workloads",
    [saved(), saved({ directory: "two", rate: 20, startedAt: "2" })],
    "scenario broadcast is another workload in two than in one: rate 20, not 10; report on them one by one, or compare them",
  ],
  [
    "a run that is named twice",
    [saved(), saved({ directory: "./one" })],
    "./one has a trial of sse-node that one has too: name each run once",
  ],
  ["a capacity search", [saved(), { ...saved(), capacity: {} as never }], "one is a capacity search, which is reported by itself"],
] as const)("refuses %s", (_, runs, message) => {
  expect(() => joinRuns(runs as never, "x")).toThrow(message);
});
