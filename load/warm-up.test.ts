/** Warm-ups that are extended, in trials as they run: every message accounted for, and in the window what is due in it. */
import { expect, test, vi } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import type { Measurement, Phase } from "./measurement.ts";
import { makeScenario } from "./suite-file.ts";
import { openBench } from "./selftest/bench.ts";
import type { TrialOrder } from "./selftest/bench.ts";
import { heldTo } from "./selftest/held-to.ts";
import { runTrial } from "./trial.ts";

vi.setConfig({ testTimeout: 60_000 });

const CATALOG = await loadCatalog();
await ensureBuilt();

function serverOf(name: string) {
  const entry = CATALOG.find((each) => each.name === name);
  if (entry?.available !== true) throw new Error(`${name} does not run here`);
  return entry;
}

/** A trial whose warm-up of a second is not steady so many times, whatever it is; and its phases. */
async function extended(name: string, fields: object, unsteady: number): Promise<{ measurement: Measurement; phases: readonly Phase[] }> {
  const { transport } = serverOf(name);
  const times = { settle: "50ms", warmup: "1s", duration: "1s", drain: "3s" };
  const scenario = makeScenario(
    { name, transport },
    { name: "s", subscribers: 20, rate: "100/s", pollInterval: "50ms", ...times, ...fields },
  );
  const phases: Phase[] = [];
  const measurement = await runTrial(
    { index: 1, repetition: 1, server: name, transport, scenario, seed: 1 },
    { signal: new AbortController().signal, onPhase: (phase) => phases.push(phase), onSecond() {}, sabotage: { unsteady } },
  );
  return { measurement, phases };
}

test.each([
  ["polling-node", { pattern: "broadcast" }, 20],
  ["sse-node", { pattern: "echo" }, 1],
])("on %s with %j what is due in the window that is later is in it, and all else before it", async (name, fields, fanOut) => {
  const { measurement, phases } = await heldTo(
    () => extended(name, fields, 1),
    ({ measurement: { metrics, seconds, events, samples } }) => {
      expect(metrics).toMatchObject({ publish_achieved: 1, publish_rate: 100 });
      expect(seconds.filter(({ published }) => published > 0).map(({ atSecond, published }) => [atSecond, published])).toEqual([
        [-2, 100],
        [-1, 100],
        [0, 100],
      ]);
      expect(events.find(({ text }) => text === "measure")!.atSecond).toBeLessThan(0.5);
      // About once a second, and where the window's seconds begin.
      for (const at of [-2, -1, 0]) expect(samples.filter(({ atSecond }) => Math.abs(atSecond - at + 0.02) < 0.2)).not.toEqual([]);
    },
  );
  expect(measurement).toMatchObject({
    status: "complete",
    ledger: {
      whole: { published: 300, expected: 300 * fanOut, delivered: 300 * fanOut, lost: 0, duplicated: 0, late: 0 },
      window: { published: 100, expected: 100 * fanOut, delivered: 100 * fanOut },
    },
    steadiness: { extended: 1 },
  });
  expect(measurement.histograms["population"]!.count).toBe(100 * fanOut);
  expect(measurement.histograms["publish_lag"]!.count).toBe(100);
  expect(phases.filter((phase) => phase === "warm-up")).toHaveLength(2);
});

test("one that is never steady is extended three times; then the window begins all the same, and the measurement says so", async () => {
  const { measurement } = await extended("websocket-ws", {}, 9);
  expect(measurement.ledger.window).toMatchObject({ published: 100, delivered: 2000 });
  expect(measurement.ledger.whole.published).toBe(500);
  expect(measurement.steadiness).toMatchObject({ warmup: { verdict: "not-steady" }, extended: 3 });
  const reason = measurement.validity.reasons.find(({ code }) => code === "not_steady");
  expect(reason?.message).toMatch(/^the warm-up was extended 3 times and was still not steady/);
});

test("a server that costs ever more while it warms up, and then no more, is warmed up until it is done", async () => {
  const bench = await openBench(serverOf("websocket-ws"), new AbortController().signal);
  const growing: TrialOrder = {
    workload: { subscribers: 5, rate: "50/s", warmup: "8s", duration: "1s" },
    faults: [{ kind: "drift", fromMs: 0.5, toMs: 8, overMs: 8000 }],
  };
  const { measurement } = await heldTo(
    () => bench.trial(growing),
    ({ measurement: { steadiness }, injected, times }) => {
      const { warmup, extended: often } = steadiness!;
      // On a machine with neighbours a flat server may be taken for one that is not, and is warmed up again.
      expect(often).toBeGreaterThanOrEqual(1);
      // What it costs in the end is read back.
      const burntUs = injected.burnsNs
        .filter(([cameNs]) => cameNs > times!.zeroNs - 2e9 && cameNs < times!.zeroNs)
        .map(([, ns]) => ns / 1000);
      expect(Math.min(...burntUs)).toBeGreaterThanOrEqual(8000);
      const perMessageUs = warmup.lastThirdUs! * 5;
      expect(perMessageUs).toBeGreaterThanOrEqual(8000);
      expect(perMessageUs).toBeLessThan(9500);
    },
  );
  expect(measurement.ledger.whole.published).toBe(50 * (8 * (1 + measurement.steadiness!.extended) + 1));
});
