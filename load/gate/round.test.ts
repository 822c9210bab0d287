import { expect, test } from "vitest";
import { loadCatalog } from "../../servers/catalog.ts";
import { makeScenario } from "../suite-file.ts";
import { firstOf, runRound } from "./round.ts";
import type { RoundPlan, Startable } from "./round.ts";
import { SLICES } from "./turns.ts";

const server = (await loadCatalog()).flatMap((entry) => (entry.available && entry.name === "sse-node" ? [entry] : []))[0]!;
const PLAIN: Startable = { server: server.name };

/** A version of the server with these faults. */
function faulty(...faults: readonly object[]): Startable {
  return { server: server.name, program: { file: "servers/faulty/serve.ts", args: [JSON.stringify(faults), "/dev/null"] } };
}

function plan(head: Startable, mode: RoundPlan["mode"] = "duet", fields: Readonly<Record<string, unknown>> = {}): RoundPlan {
  const scenario = makeScenario(server, { subscribers: 40, rate: "80/s", payload: "128B", drain: "2s", connectRate: "5k/s", ...fields });
  return {
    index: 1,
    pass: "first",
    round: 1,
    seed: 1,
    mode,
    cell: { server: server.name, transport: server.transport, scenario },
    versions: { base: PLAIN, head },
  };
}

const never = new AbortController().signal;

test("both versions get the same messages, in slices that pair up", async () => {
  const { arms, ...round } = await runRound(plan(PLAIN, "duet", { subscribers: 500, rate: "20/s" }), never);
  expect(round).toMatchObject({ server: "sse-node", mode: "duet", first: firstOf(1) });
  for (const arm of Object.values(arms)) {
    expect(arm).toMatchObject({ status: "complete", ledger: { lost: 0, duplicated: 0 } });
    expect(arm.slices).toHaveLength(SLICES.duet);
    expect(arm.metrics["server_cpu_us_per_delivery"]).toBeGreaterThan(0);
    expect(arm.metrics["server_memory_per_connection_bytes"]).toBeGreaterThan(0);
    // Nobody asks for it, and garbage that is not collected would be in it.
    expect(arm.metrics).not.toHaveProperty("generator_memory_per_connection_bytes");
    for (const slice of arm.slices) expect(slice["delivery_latency_ms.p50"]).toBeGreaterThan(0);
  }
  expect(arms.head.ledger.expected).toBe(arms.base.ledger.expected);
  expect(arms.head.metrics["bytes_down_per_delivery"]! / arms.base.metrics["bytes_down_per_delivery"]!).toBeCloseTo(1, 2);
});

test("what one version does wrong is in its own arm", async () => {
  const { arms } = await runRound(plan(faulty({ kind: "lose", at: 10, every: 20 }), "interleaved"), never);
  expect(arms.base.ledger.lost).toBe(0);
  expect(arms.head.ledger.lost).toBeGreaterThan(0);
}, 30_000);

test("a version that does not start ends the round for both, with its reason", async () => {
  const broken: Startable = { server: server.name, program: { file: "servers/no-such-file.ts", args: [] } };
  const { arms } = await runRound(plan(broken), never);
  expect(arms.head).toMatchObject({ status: "failed", failure: { kind: "target" } });
  expect(arms.base).toMatchObject({ status: "partial", failure: { kind: "interrupted" } });
});

test("an interruption ends both", async () => {
  const controller = new AbortController();
  const running = runRound(plan(PLAIN), controller.signal);
  controller.abort();
  const { arms } = await running;
  expect([arms.base.status, arms.head.status]).toEqual(["partial", "partial"]);
});
