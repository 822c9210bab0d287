/** Both clients of every transport measure the same: real trials with real processes, alike but for who listens. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import type { CatalogEntry } from "../servers/catalog.ts";
import type { Measurement } from "./measurement.ts";
import { CLOSED_LOOP } from "./measurement.ts";
import { parseSuite } from "./suite-file.ts";
import { runTrial } from "./trial.ts";

// A trial takes about three seconds on a quiet machine.
vi.setConfig({ testTimeout: 60_000 });

const MESSAGES_A_SECOND = 25;
const SUBSCRIBERS = 10;
const DELIVERIES = MESSAGES_A_SECOND * SUBSCRIBERS;

const catalog = (await loadCatalog()).flatMap((entry) => (entry.available ? entry : []));
/** A server of each transport. */
const SERVERS = [...new Map(catalog.toReversed().map((entry) => [entry.transport, entry])).values()].toReversed();

interface Both {
  readonly lean: Measurement;
  readonly reference: Measurement;
}

/** One trial with each client at the same time, so that both see the same machine. */
async function measureBoth({ name, transport }: Pick<CatalogEntry, "name"> & { transport: string }, pollInterval: string): Promise<Both> {
  const suite = parseSuite(
    [
      "name: clients",
      `servers: [${name}]`,
      "matrix: { client: [lean, reference] }",
      "scenarios:",
      `  - name: broadcast`,
      `    rate: ${MESSAGES_A_SECOND}/s`,
      `    subscribers: ${SUBSCRIBERS}`,
      `    pollInterval: ${pollInterval}`,
      "    settle: 0",
      "    warmup: 400ms",
      "    duration: 1s",
    ].join("\n"),
    "clients.yaml",
    catalog,
  );
  const context = { signal: new AbortController().signal, onPhase() {}, onSecond() {} };
  const [lean, reference] = await Promise.all(
    suite.scenarios.map((scenario, i) =>
      runTrial({ index: i + 1, repetition: 1, server: name, transport, scenario, seed: suite.seed }, context),
    ),
  );
  return { lean: lean!, reference: reference! };
}

const COUNTS = {
  messages_published: MESSAGES_A_SECOND,
  messages_expected: DELIVERIES,
  messages_delivered: DELIVERIES,
  messages_lost: 0,
  messages_duplicated: 0,
  messages_reordered: 0,
  messages_late: 0,
  messages_corrupt: 0,
  reconnects: 0,
};

/** Every message of the same schedule once at every subscriber, in the warm-up too, without an error. */
function expectEverything({ lean, reference }: Both): void {
  for (const { failure, metrics, scenario } of [lean, reference]) {
    expect(failure, scenario.client).toBeUndefined();
    expect(metrics, scenario.client).toMatchObject(COUNTS);
    expect(Object.keys(metrics).filter((metric) => metric.startsWith("errors."))).toEqual([]);
  }
  expect(reference.ledger).toEqual(lean.ledger);
  expect(lean.ledger.whole.delivered).toBe(1.4 * DELIVERIES);
}

describe.each(SERVERS)("$transport", (server) => {
  let both: Both;
  beforeAll(async () => {
    both = await measureBoth(server, "50ms");
  }, 60_000);

  test("both clients count the same, exactly", () => expectEverything(both));

  test("both clients agree on the latency", () => {
    const [lean, reference] = [both.lean, both.reference].map(({ metrics }) => metrics["delivery_latency_ms.p50"]!);
    // Half of the gap between two messages is far above what two trials of a second differ by, on a busy machine too, and far below what
    // a client is off by that takes the moment of another message, or holds a message back until the next one. A poller's median is that
    // of its interval, whose beats fall differently in each trial.
    expect(Math.abs(reference! - lean!)).toBeLessThan(1000 / MESSAGES_A_SECOND / 2);
    expect(Math.min(reference!, lean!)).toBeGreaterThan(0);
  });

  test.skipIf(server.transport === "polling")("both clients count the same bytes down", () => {
    const [lean, reference] = [both.lean, both.reference].map(({ metrics }) => metrics["bytes_down_per_delivery"]!);
    expect(reference! / lean!).toBeGreaterThan(0.95);
    expect(reference! / lean!).toBeLessThan(1.05);
  });
});

test("in a closed loop both clients hear everything, and their measurements are labelled", async () => {
  const both = await measureBoth(
    SERVERS.find(({ transport }) => transport === "polling")!,
    "0",
  );
  expectEverything(both);
  for (const { metrics, validity } of [both.lean, both.reference]) {
    expect(validity.reasons.map(({ code }) => code)).toContain(CLOSED_LOOP);
    // Far above what ten pollers ask at any interval that a suite may give.
    expect(metrics["request_rate"]).toBeGreaterThan(100);
    expect(metrics["requests_per_delivery"]).toBeGreaterThan(1);
  }
});
