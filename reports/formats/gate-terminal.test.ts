import { expect, it } from "vitest";
import { fixtureGate, hostileGate, where, withArm, withLedger } from "../fixture-gate.ts";
import { judgeGate } from "../gate.ts";
import { judgeSavedThresholds } from "../gate-threshold.ts";
import { fixtureReport, fixtureScenario } from "../fixture.ts";
import { formatGateTerminal } from "./gate-terminal.ts";

const TODAY = "2026-03-01";
const plain = (width = 120) => ({ color: false, width });

it("begins with the answer, then says what has not passed, worst first, and shows all changes in a table", () => {
  const gate = fixtureGate({
    servers: ["sse-node", "websocket-ws"],
    confirmation: true,
    change: { server_cpu_us_per_delivery: 1.12 },
    alter: where(({ server, round }) => server === "websocket-ws" && round === 1, withLedger("head", { lost: 1 })),
  });
  const lines = formatGateTerminal(judgeGate(gate, [], TODAY), plain(160)).split("\n");
  expect(lines[0]).toBe(
    "✗ fail          got worse: the working tree (9f3b2a1c0d+dirty) against main (01cc79e2ab), of 26 checks 2 failed, 1 inconclusive, 23 passed",
  );
  const at = (part: string): number => lines.findIndex((line) => line.includes(part));
  expect(at("✗ fail          sse-node · broadcast · server_cpu_us_per_delivery: +1")).toBeGreaterThan(0);
  expect(at("~ inconclusive  websocket-ws · broadcast · messages_lost")).toBeGreaterThan(at("websocket-ws · broadcast · server_cpu_us"));
  const header = lines.findIndex((line) => line.trimStart().startsWith("cell"));
  expect(lines[header]).toMatch(/cell +metric +change +base +head +unit/);
  expect(lines.slice(header + 1, header + 13).filter((line) => /[✓✗] /.test(line))).toHaveLength(12);
  expect(lines.at(-2)).toBe("✓ pass          13 counts");
});

it("has no more to say of a pass than its figures", () => {
  const text = formatGateTerminal(judgeGate(fixtureGate(), [], TODAY), plain());
  expect(text).toMatch(/^✓ pass {10}no worse: /);
  expect(text).not.toMatch(/✗|inconclusive|invalid/);
});

it("marks what was accepted as that, with the reason", () => {
  const accepted = [{ server: "sse-node", metric: "server_cpu_us_per_delivery", reason: "compression is on", expires: TODAY }];
  const gate = fixtureGate({ change: { server_cpu_us_per_delivery: 1.12 }, confirmation: true });
  const text = formatGateTerminal(judgeGate(gate, accepted, TODAY), plain(400));
  expect(text).toMatch(/✓ accepted +sse-node · broadcast · server_cpu_us_per_delivery: .*accepted until 2026-03-01: compression is on/);
  expect(text).toContain("13 passed, 1 of them accepted");
});

it.each([40, 60, 80, 120])("is no wider than %d columns", (width) => {
  const gate = fixtureGate({ servers: ["sse-node", "websocket-ws"], change: { server_cpu_us_per_delivery: 1.2 }, confirmation: true });
  for (const line of formatGateTerminal(judgeGate(gate, [], TODAY), plain(width)).split("\n")) {
    expect(line.length, line).toBeLessThanOrEqual(width);
  }
});

it("lets no name move the cursor or colour what follows", () => {
  const text = formatGateTerminal(judgeGate(hostileGate(), [], TODAY), plain());
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it("says what a saved run's thresholds came to", () => {
  const thresholds = [
    { metric: "delivery_latency_ms.p99", operator: "<", limit: 0.001, level: "error" },
    { metric: "delivery_latency_ms.p50", operator: "<", limit: 0.001, level: "warn" },
    { metric: "messages_lost", operator: "==", limit: 0, level: "error" },
  ] as const;
  const { summary } = fixtureReport({ scenarios: [fixtureScenario({ thresholds })] });
  const text = formatGateTerminal(judgeSavedThresholds(summary), plain());
  expect(text).toMatch(/^✗ fail {10}thresholds broken: thresholds, of 6 checks 3 failed, 3 passed/);
  expect(text).toMatch(/! warning {7}sse-node · broadcast · delivery_latency_ms\.p50/);
  expect(text).toContain("✓ pass          3 thresholds");
});

it("shows what a failing head said, in one line", () => {
  const gate = fixtureGate({
    alter: withArm("head", () => ({ status: "failed", failure: { kind: "target", message: "no ready line\nwithin 10 s" }, slices: [] })),
  });
  expect(formatGateTerminal(judgeGate(gate, [], TODAY), plain(300))).toContain(
    "head could not in 12 of 12 rounds: no ready line\\x0awithin 10 s; base could in all of them",
  );
});
