/** The experiments against real servers that lie; the figures that hang on the machine are the command's to judge. */
import { expect, test } from "vitest";
import { loadCatalog } from "../../servers/catalog.ts";
import { findCommand } from "../find-command.ts";
import type { Bench } from "./bench.ts";
import { openBench } from "./bench.ts";
import { batched } from "./batched.ts";
import { growing } from "./growing.ts";
import { drifting } from "./drifting.ts";
import { leaking } from "./leaking.ts";
import { miscounted } from "./miscounted.ts";
import { reconnecting } from "./reconnecting.ts";
import { STARVATIONS, starve } from "./starved.ts";

async function benchOf(name: string): Promise<Bench> {
  const entry = (await loadCatalog()).find((each) => each.name === name);
  if (entry?.available !== true) throw new Error(`${name} does not run here`);
  return openBench(entry, new AbortController().signal);
}

test.each(["polling-node", "websocket-http2-node"])("what %s miscounts is reported to the last message", async (name) => {
  const rows = await miscounted(await benchOf(name));
  expect(rows.map(({ metric }) => metric)).toContain("messages_reordered");
  for (const { injected, reported } of rows) {
    expect(injected).toBeGreaterThan(0);
    expect(reported).toBe(injected);
  }
});

test("what is lost across a reconnect, with and without a cursor, is reported to the last message", { timeout: 30_000 }, async () => {
  const rows = await reconnecting(await benchOf("stream-http2-node"));
  expect(rows.map(({ metric }) => metric)).toContain("messages_lost");
  for (const { injected, reported } of rows) expect(reported).toBe(injected);
  // Those who came back without one missed more.
  const [fresh, resumed] = rows.filter(({ metric }) => metric === "messages_lost").map(({ injected }) => Number(injected));
  expect(fresh).toBeGreaterThan(resumed!);
});

test("descriptors that a server keeps are reported to the last one, and remarked on", async () => {
  const rows = await leaking(await benchOf("stream-node"));
  expect(rows.map(({ metric, injected, reported, verdict }) => ({ metric, injected, reported, verdict }))).toEqual([
    { metric: "server_fds_per_connection", injected: 3, reported: 3, verdict: "holds" },
    { metric: "server_fds_leaked", injected: 20, reported: 20, verdict: "holds" },
    { metric: "validity", injected: "descriptors_leaked", reported: "descriptors_leaked", verdict: "holds" },
  ]);
});

test("memory that a server and the generator take for each subscriber is reported, by the slope over steps, and its descriptors to the last one", async () => {
  const rows = await growing(await benchOf("websocket-uws"));
  expect(rows).toMatchObject([
    { metric: "server memory a connection", injected: 65_536, verdict: "holds" },
    { metric: "generator memory a connection", injected: 32_768, verdict: "holds" },
    { metric: "server_fds_per_connection", injected: 1, reported: 1, verdict: "holds" },
  ]);
}, 30_000);

test.each(["long-polling-node", "websocket-uws"])(
  "what %s holds back in batches is late by half of one on average, and sent once a batch",
  { timeout: 30_000 },
  async (name) => {
    const rows = await batched(await benchOf(name));
    const [mean, longest, sending] = rows;
    expect(rows.map(({ metric }) => metric)).toEqual([
      "delivery latency, mean, less that without batches",
      "delivery_latency_ms.p95",
      ...(name === "long-polling-node" ? ["requests_per_delivery"] : findCommand("ss") === undefined ? [] : ["segments_per_delivery"]),
    ]);
    // Seven messages a batch, 16 ms apart: the last one waits 4 ms.
    expect(mean!.injected).toBeCloseTo(52, 0);
    expect(longest!.injected).toBeGreaterThan(100);
    // A machine that is held up adds to both times; to what is counted it adds nothing.
    expect(mean!.reported).toBeGreaterThan(45);
    expect(mean!.reported).toBeLessThan(75);
    expect(longest!.reported).toBeGreaterThan(100);
    if (sending === undefined) return;
    expect(sending.injected).toBeCloseTo(1 / 7, 2);
    expect(Math.abs(Number(sending.reported) - Number(sending.injected))).toBeLessThan(sending.allowed!);
  },
);

// The others hang on how fast the machine is, or would take it from the tests beside.
test("a generator is heard to say that it is starved", async () => {
  const starvation = STARVATIONS.find(({ reason }) => reason === "probe_saturated")!;
  expect(await starve(await benchOf("sse-node"), starvation)).toMatchObject({ verdict: "holds" });
});

test("a server that costs ever more is called not steady", { timeout: 30_000 }, async () => {
  const rows = await drifting(await benchOf("websocket-ws"));
  expect(rows.map(({ metric }) => metric)).toEqual(["validity", expect.stringMatching(/last third of the window less the first/)]);
  expect(rows[0]).toMatchObject({ injected: "not_steady", reported: "not_steady", verdict: "holds" });
  // From 1.5 s to 6.5 s after the first message, at 1 ms a second.
  expect(rows[1]!.injected).toBeGreaterThan(4600);
  expect(rows[1]!.injected).toBeLessThan(5400);
});
