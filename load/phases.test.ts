/** Windows of phases, in trials as they run: what is done to a server in one phase shows in that phase, and in no other. */
import { expect, test, vi } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import type { Fault } from "../servers/fault.ts";
import { ensureBuilt } from "./compiled.ts";
import type { Measurement } from "./measurement.ts";
import { METRICS, PHASE_METRICS } from "./metric.ts";
import { openBench } from "./selftest/bench.ts";
import type { Tried } from "./selftest/bench.ts";
import { heldTo } from "./selftest/held-to.ts";

vi.setConfig({ testTimeout: 60_000 });

const CATALOG = await loadCatalog();
await ensureBuilt();

const WARMUP_S = 0.5;
const PHASES = [
  { name: "calm", duration: "1s", rate: "50/s" },
  { name: "spike", duration: "1s", rate: "300/s" },
  { name: "after", duration: "1s", rate: "50/s" },
];
/** Numbers of the messages of the spike, from 0, in the order the server gets them. */
const FIRST = 50 * WARMUP_S + 50;
const LAST = FIRST + 299;
const SUBSCRIBERS = 16;

async function tried(name: string, faults: readonly Fault[], fields: object = {}, unsteady?: number): Promise<Tried> {
  const server = CATALOG.find((each) => each.name === name);
  if (server?.available !== true) throw new Error(`${name} does not run here`);
  const bench = await openBench(server, new AbortController().signal);
  const workload = { warmup: `${WARMUP_S * 1000}ms`, phases: PHASES, ...fields };
  return bench.trial({ workload, faults, sabotage: unsteady === undefined ? {} : { unsteady } });
}

const metric = ({ phases }: Measurement, name: string): number[] => phases!.map(({ metrics }) => metrics[name]!);

test("messages that a server holds back in the spike alone are late in the spike alone; nobody calls the window unsteady", async () => {
  // The last ones of it are let go at once: whatever follows a message that is held back waits behind it.
  const ms = Array.from({ length: 1000 }, (_, n) => (n >= FIRST && n < LAST - 60 ? 80 : 0));
  const { measurement } = await heldTo(
    () => tried("websocket-ws", [{ kind: "delay", ms }]),
    ({ measurement: held }) => {
      const [calm, spike, after] = metric(held, "delivery_latency_ms.p50");
      expect(spike).toBeGreaterThanOrEqual(75);
      expect(calm).toBeLessThan(40);
      expect(after).toBeLessThan(40);
      expect(metric(held, "publish_achieved")).toEqual([1, 1, 1]);
      expect(held.steadiness!.window.verdict).toBe("varied");
      expect(held.validity.reasons.map(({ code }) => code)).not.toContain("not_steady");
    },
  );
  expect(metric(measurement, "messages_published")).toEqual([50, 300, 50]);
  expect(metric(measurement, "messages_expected")).toEqual([50, 300, 50].map((count) => count * SUBSCRIBERS));
  expect(metric(measurement, "messages_lost")).toEqual([0, 0, 0]);
  expect(measurement.phases!.map(({ histograms }) => histograms["population"]!.count)).toEqual([800, 4800, 800]);
  // No figure of a phase that the catalogue does not tell of phases, and thresholds may therefore not name.
  for (const { metrics } of measurement.phases!) for (const name of Object.keys(metrics)) expect(PHASE_METRICS).toContain(name);
  for (const name of PHASE_METRICS) expect(METRICS.has(name), name).toBe(true);
});

test("a message that a server loses is lost in the phase it was due in", async () => {
  const { measurement } = await tried("sse-node", [{ kind: "lose", at: LAST + 1, every: 1e9 }]);
  expect(metric(measurement, "messages_lost")).toEqual([0, SUBSCRIBERS, 0]);
  expect(metric(measurement, "messages_delivered")).toEqual([50, 299, 50].map((count) => count * SUBSCRIBERS));
});

test("what is held back to the end of its phase and beyond is its backlog, and no phase's once it has come", async () => {
  // The last 30 of the spike come with the tenth message of the phase after it.
  const ms = Array.from({ length: 1000 }, (_, n) => (n > LAST - 30 && n <= LAST ? 200 : 0));
  await heldTo(
    () => tried("stream-node", [{ kind: "delay", ms }]),
    ({ measurement }) => {
      const [calm, spike, after] = metric(measurement, "delivery_backlog");
      expect(spike).toBe(30 * SUBSCRIBERS);
      expect(calm).toBeLessThan(5 * SUBSCRIBERS);
      expect(after).toBeLessThan(5 * SUBSCRIBERS);
    },
  );
});

test("what a message costs the server in each phase is read at its edges", async () => {
  const drift: Fault = { kind: "drift", fromMs: 0.2, toMs: 2, overMs: 1500 };
  await heldTo(
    () => tried("websocket-ws", [drift]),
    ({ measurement, injected, times }) => {
      const read = metric(measurement, "server_cpu_us_per_delivery");
      const burnt = [0, 1, 2].map((second) => {
        const within = injected.burnsNs.filter(([cameNs]) => Math.floor((cameNs - times!.zeroNs) / 1e9) === second);
        return within.reduce((sum, [, ns]) => sum + ns, 0) / within.length / 1000 / SUBSCRIBERS;
      });
      // What the server needs by itself, some tens of µs, comes on top.
      for (const [i, us] of burnt.entries()) {
        expect(read[i]).toBeGreaterThan(us * 0.95);
        expect(read[i]).toBeLessThan(us + 120);
      }
    },
  );
});

test.each([
  ["polling-node", {}],
  ["websocket-ws", { pattern: "echo" }],
])("phases move with a window that is postponed, on %s with %j", async (name, fields) => {
  const again = (): Promise<Tried> => tried(name, [], { ...fields, warmup: "1s" }, 1);
  const { measurement } = await heldTo(again, ({ measurement: { seconds } }) => {
    const published = seconds.filter((second) => second.published > 0);
    expect(published.map(({ atSecond }) => atSecond)).toEqual([-2, -1, 0, 1, 2]);
    // Seconds count what was published in them, and a message that is due at the end of one may be some ms late.
    for (const [i, due] of [50, 50, 50, 300, 50].entries()) expect(Math.abs(published[i]!.published - due)).toBeLessThanOrEqual(10);
  });
  expect(measurement.steadiness!.extended).toBe(1);
  expect(metric(measurement, "messages_published")).toEqual([50, 300, 50]);
  expect(metric(measurement, "messages_lost")).toEqual([0, 0, 0]);
  expect(measurement.ledger.whole.published).toBe(500);
});
