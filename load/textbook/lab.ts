/** Where an experiment is made: servers of the catalogue as fresh processes, relays before them, and all of it gone at its end. */
import { setMaxListeners } from "node:events";
import { readdir } from "node:fs/promises";
import { request } from "undici";
import { DEFAULT_SERVER_OPTIONS, publishLine } from "../../servers/contract.ts";
import type { ServerStats } from "../../servers/contract.ts";
import { createStatsClient } from "../sampling/stats-client.ts";
import { startTarget } from "../target.ts";
import type { ServerProgram } from "../target.ts";
import type { Address } from "../transport.ts";
import { openRelay } from "./relay.ts";
import type { Relay, RelayOptions } from "./relay.ts";

/** Figures by their names, once all of it is measured. */
export type Experiment = (lab: Lab) => Promise<Readonly<Record<string, number>>>;

export interface Lab {
  /** Aborted when the experiment has to end. */
  readonly signal: AbortSignal;
  start(server: string, options?: LabServerOptions): Promise<LabServer>;
  relay(address: Pick<Address, "host" | "port">, options?: RelayOptions): Promise<Relay>;
  /** Does this at the end, the last first, however the experiment ends. */
  atEnd(step: () => unknown): void;
}

export interface LabServerOptions {
  readonly tls?: boolean;
  /** What subscribers send is published. */
  readonly echo?: boolean;
  /** Descriptors that it may have open. */
  readonly descriptors?: number;
}

export interface LabServer {
  readonly address: Address;
  readonly control: { readonly host: string; readonly port: number };
  readonly pid: number;
  /** One request with a line a payload; resolves once the server has published them all. */
  publish(topic: string, ...payloads: string[]): Promise<void>;
  /** Rejects where it does not answer. */
  stats(): Promise<ServerStats>;
  /** Descriptors that it has open; `undefined` where the kernel does not tell. */
  descriptors(): Promise<number | undefined>;
}

/** Makes one experiment; rejects with why it could not be made, once nothing of it is left. */
export async function inLab(experiment: Experiment, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
  // Every request of an experiment listens to it.
  setMaxListeners(0, signal);
  const steps: (() => unknown)[] = [];
  const atEnd = (step: () => unknown): void => void steps.push(step);
  const lab: Lab = {
    signal,
    atEnd,
    start: (server, options = {}) => startServer(server, options, { signal, atEnd }),
    async relay(address, options) {
      const relay = await openRelay(address, options);
      atEnd(() => relay.close());
      return relay;
    },
  };
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  const made = experiment(lab);
  try {
    return await Promise.race([made, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    // What it still waits for is taken away below.
    made.catch(() => {});
    for (const step of steps.toReversed()) await step();
  }
}

async function startServer(
  server: string,
  { tls = false, echo = false, descriptors }: LabServerOptions,
  { signal, atEnd }: Pick<Lab, "signal" | "atEnd">,
): Promise<LabServer> {
  const { historyMessages, heartbeatMs, backpressureBytes, batchMs } = DEFAULT_SERVER_OPTIONS;
  const program: ServerProgram = { file: "servers/serve.ts", args: [], ...(descriptors === undefined ? {} : { descriptors }) };
  const target = await startTarget(
    server,
    {
      ...{ historyMessages, heartbeatMs, backpressureBytes, batchMs, tls },
      ...{ instances: 1, frames: "text", compression: false, pattern: echo ? "echo" : "broadcast" },
    },
    () => {},
    signal,
    program,
  );
  atEnd(() => target.stop());
  const control = target.controls[0]!;
  const pid = target.pids[0]!;
  const asking = createStatsClient(control);
  atEnd(() => asking.close());
  return {
    address: target.addresses[0]!,
    control,
    pid,
    async publish(topic, ...payloads) {
      const { statusCode, body } = await request(`http://${control.host}:${control.port}/publish`, {
        method: "POST",
        body: payloads.map((payload) => publishLine(topic, payload)).join(""),
        // A connection that is kept would stand among the server's descriptors.
        reset: true,
        signal,
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${server} answered POST /publish with ${statusCode}`);
    },
    async stats() {
      const stats = await asking.ask();
      if (stats === undefined) throw new Error(`${server} does not answer GET /stats`);
      return stats;
    },
    descriptors: () =>
      readdir(`/proc/${pid}/fd`).then(
        ({ length }) => length,
        () => undefined,
      ),
  };
}
