/** Two ways of measuring that hide what a stall costs; each as it is usually written, to be shown wrong beside the right one. */
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { publishLine } from "../../servers/contract.ts";
import { nowNs } from "../clock.ts";
import type { Target } from "../target.ts";
import { createReads } from "../transport.ts";
import type { Transport } from "../transport.ts";

/** Latencies in ns. */
export type Latencies = readonly number[];

/** Sends a message, waits until it has come, and only then goes on to the next; the clock starts when it is sent. */
export async function closedLoop(transport: Transport, target: Target, everyMs: number, untilNs: number): Promise<Latencies> {
  const latencies: number[] = [];
  let came: () => void = () => {};
  const connection = await listen(transport, target, "naive-loop", () => came());
  const { host, port } = target.controls[0]!;
  // Of its own, to be closed: a connection that lingers would count as one that the server keeps.
  const ingest = new Pool(`http://${host}:${port}`);
  while (nowNs() < untilNs) {
    const sentNs = nowNs();
    const arrival = new Promise<void>((resolve) => (came = resolve));
    const { body } = await ingest.request({ method: "POST", path: "/publish", body: publishLine("naive-loop", "x") });
    await body.dump();
    await arrival;
    latencies.push(nowNs() - sentNs);
    await delay(Math.max(0, everyMs - (nowNs() - sentNs) / 1e6));
  }
  connection.close();
  await ingest.close();
  return latencies;
}

/** Reads the time at which the server itself says to have sent each message of `topic`. */
export async function stampedAtEmission(transport: Transport, target: Target, topic: string, untilNs: number): Promise<Latencies> {
  const latencies: number[] = [];
  const connection = await listen(transport, target, topic, (text) => latencies.push(nowNs() - Number(text)));
  await delay((untilNs - nowNs()) / 1e6);
  connection.close();
  return latencies;
}

/** Resolves once the subscriber is open. */
function listen(transport: Transport, target: Target, topic: string, heard: (text: string) => void): Promise<{ close(): void }> {
  return new Promise((resolve, reject) => {
    const connection = transport.subscribe(
      {
        address: target.addresses[0]!,
        topic,
        pollIntervalMs: 1,
        pollConnection: "keep-alive",
        pollPhase: 0,
        streams: 1,
        compression: false,
      },
      {
        opened: () => resolve(connection),
        payload: (bytes, start, end) => heard(Buffer.from(bytes.subarray(start, end)).toString()),
        failed: ({ message }) => reject(new Error(message)),
      },
      createReads(),
    );
  });
}
