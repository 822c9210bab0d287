import { describe, expect, test } from "vitest";
import { CLOSED_LOOP } from "../load/measurement.ts";
import { failed, fixtureReport, fixtureScenario, invalid, only } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";
import { environmentClass, historyPoints, workloadFingerprint } from "./history-points.ts";

function points(options: FixtureOptions = {}, environment: object = {}) {
  const { run, summary } = fixtureReport(options);
  const record = { ...run.record, environment: { ...run.record.environment, ...environment } };
  return historyPoints({ ...run, record }, summary);
}

describe("the points of a run", () => {
  test("are one a cell, with its figures over the trials", () => {
    const { run, summary } = fixtureReport({ trials: 3 });
    const found = historyPoints(run, summary);
    expect(found.map(({ server }) => server)).toEqual(summary.cells.map(({ server }) => server));
    expect(found[1]).toMatchObject({
      schemaVersion: 1,
      at: "2026-01-02T03:04:05.000Z",
      run: "2026-01-02T03-04-05Z-quick",
      suite: "quick",
      server: "sse-node",
      transport: "sse",
      scenario: "broadcast",
      environment: { cpu: "an imagined processor", cores: 2, node: "20", kernel: "6.2", pushbench: "0.1.0" },
      valid: true,
      trials: 3,
    });
    const { median, low, high } = summary.cells[1]!.metrics["server_cpu_us_per_delivery"]!;
    expect(found[1]!.metrics["server_cpu_us_per_delivery"]).toEqual({ median, low, high, n: 3 });
    expect(found[1]).not.toHaveProperty("commit");
  });

  test("know the commit, when it was made and on which branch", () => {
    const git = { git: `${"ab".repeat(20)}+dirty`, gitCommittedAt: "2026-01-01T00:00:00.000Z", gitBranch: "main" };
    const commit = { id: "ab".repeat(20), dirty: true, committedAt: "2026-01-01T00:00:00.000Z", branch: "main" };
    expect(points({}, git)[0]!.commit).toEqual(commit);
    expect(points({}, { git: "ab".repeat(20) })[0]!.commit).toEqual({ id: "ab".repeat(20), dirty: false });
    expect(points({}, { git: "$(reboot)" })[0]).not.toHaveProperty("commit");
  });

  test("leave out a cell without a complete trial, and mark one that is not to be believed", () => {
    const servers = points({ alter: only("sse-node", failed) }).map(({ server }) => server);
    expect(servers).toEqual(["polling-node", "websocket-ws"]);
    expect(points({ alter: only("sse-node", invalid) }).map(({ valid }) => valid)).toEqual([true, false, true]);
  });

  test("have no latency of a closed loop", () => {
    const reason = { code: CLOSED_LOOP, severity: "warning", message: "", advice: "" } as const;
    const [polling] = points({ alter: only("polling-node", (m) => ({ ...m, validity: { valid: true, reasons: [reason] } })) });
    expect(Object.keys(polling!.metrics).filter((name) => name.includes("latency"))).toEqual([]);
    expect(polling!.metrics).toHaveProperty("server_cpu_us_per_delivery");
  });
});

describe("the fingerprint of a workload", () => {
  const threshold = { metric: "messages_lost", operator: "==", limit: 0, level: "error" } as const;

  test("is the same whatever it is called, and whatever limits it is held to", () => {
    const other = fixtureScenario({ name: "other", parameters: { subscribers: 100 }, thresholds: [threshold] });
    expect(workloadFingerprint(other)).toBe(workloadFingerprint(fixtureScenario()));
    expect(workloadFingerprint(other)).toMatch(/^[0-9a-f]{12}$/);
  });

  test("does not depend on the order of the fields", () => {
    const reversed = Object.fromEntries(Object.entries(fixtureScenario()).toReversed()) as ReturnType<typeof fixtureScenario>;
    expect(workloadFingerprint(reversed)).toBe(workloadFingerprint(fixtureScenario()));
  });

  test.each([{ subscribers: 101 }, { tls: true }, { durationMs: 9_000 }, { client: "reference" }] as const)(
    "is another one with %j",
    (changes) => {
      expect(workloadFingerprint(fixtureScenario(changes))).not.toBe(workloadFingerprint(fixtureScenario()));
    },
  );
});

test("a class of environments does not tell patch levels apart", () => {
  const { record } = fixtureReport().run;
  const patched = environmentClass({ ...record.environment, node: "v20.99.1", kernel: "6.2.7-custom" });
  expect(patched).toEqual(environmentClass(record.environment));
  expect(environmentClass({ ...record.environment, node: "v22.1.0" })).not.toEqual(patched);
});
