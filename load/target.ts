/** The server under test: started here from servers/, or already running elsewhere. */
import { readFile } from "node:fs/promises";
import type { LibraryVersion, ReadyLine } from "../servers/contract.ts";
import { compiledFile } from "./compiled.ts";
import { startChild } from "./fleet/child.ts";
import type { RunningTarget, Scenario } from "./suite.ts";
import type { Address } from "./transport.ts";

/** How long a server may take from its start to its ready line. */
const READY_TIMEOUT_MS = 15_000;
const REACH_TIMEOUT_MS = 5000;

export interface Target {
  readonly library: LibraryVersion;
  /** One per instance, in the same order as `controls`. */
  readonly addresses: readonly Address[];
  readonly controls: readonly { readonly host: string; readonly port: number }[];
  /** Processes that may be sampled; empty where the target runs elsewhere. */
  readonly pids: readonly number[];
  /** Ends what was started here; says so when a process had to be killed. */
  stop(): Promise<readonly string[]>;
}

/** What of a scenario a server is started with. */
export type ServerScenario = Pick<
  Scenario,
  "instances" | "historyMessages" | "heartbeatMs" | "backpressureBytes" | "tls" | "frames" | "compression"
>;

/** The target did not come up or cannot be reached; the message names it and its address. */
export class TargetError extends Error {}

/** Starts `scenario.instances` fresh processes of a reference server. `died` is told when one ends by itself; `signal` ends the start. */
export async function startTarget(
  server: string,
  scenario: ServerScenario,
  died: (how: string) => void,
  signal: AbortSignal,
): Promise<Target> {
  const args = [
    server,
    ...["--history-messages", String(scenario.historyMessages)],
    ...["--heartbeat-ms", String(scenario.heartbeatMs)],
    ...["--backpressure-bytes", String(scenario.backpressureBytes)],
    ...(scenario.tls ? ["--tls"] : []),
    ...(scenario.frames === "binary" ? ["--binary"] : []),
    ...(scenario.compression ? ["--compression"] : []),
  ];
  let up = false;
  const children = Array.from({ length: scenario.instances }, () =>
    startChild<never, never>({
      name: server,
      file: compiledFile("servers/serve.ts"),
      args,
      report() {},
      died(how) {
        if (up) died(how);
      },
    }),
  );
  const stop = async (): Promise<string[]> => {
    const stopped = await Promise.all(children.map(async (child) => ((await child.stop()) ? "" : child.name)));
    return stopped.filter((name) => name !== "").map((name) => `${name} did not end within 2 s of SIGTERM and was killed`);
  };
  const giveUp = (): void => void stop();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const lines = await Promise.all(children.map(async (child) => readReadyLine(await inTime(child.firstLine, server))));
    up = true;
    return {
      library: lines[0]!.library,
      addresses: lines.map(({ host, port, ca }) => ({ host, port, ...(ca === undefined ? {} : { ca }) })),
      controls: lines.map(({ controlHost, controlPort }) => ({ host: controlHost, port: controlPort })),
      pids: lines.map(({ pid }) => pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw new TargetError((error as Error).message);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** A target that already runs: looks whether it is there, and starts nothing. */
export async function reachTarget(target: RunningTarget, signal: AbortSignal): Promise<Target> {
  const url = new URL(target.url);
  const control = new URL(target.control);
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  try {
    const answer = await fetch(new URL("/healthz", control), { signal: AbortSignal.any([signal, AbortSignal.timeout(REACH_TIMEOUT_MS)]) });
    if (!answer.ok) throw new Error(`GET /healthz was answered ${answer.status}`);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new TargetError(
      `target "${target.name}": its control port ${control.host} cannot be reached: ${describe(cause ?? error)}; start it, or correct "control"`,
    );
  }
  const ca = target.caFile === undefined ? "" : await readCertificate(target.name, target.caFile);
  return {
    library: { name: target.name, version: "" },
    addresses: [{ host: bare(url.hostname), port: portOf(url), ...(secure ? { ca } : {}) }],
    controls: [{ host: bare(control.hostname), port: portOf(control) }],
    pids: [],
    stop: async () => [],
  };
}

async function readCertificate(name: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new TargetError(`target "${name}": its caFile cannot be read: ${(error as Error).message}`);
  }
}

function readReadyLine(line: string): ReadyLine {
  const ready = JSON.parse(line) as ReadyLine;
  if (ready.pushbench !== 1) throw new Error(`speaks version ${String(ready.pushbench)} of the contract where 1 is known`);
  return ready;
}

async function inTime(line: Promise<string>, server: string): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${server} printed no ready line within ${READY_TIMEOUT_MS / 1000} s`)), READY_TIMEOUT_MS);
  });
  try {
    return await Promise.race([line, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An `AggregateError` of several addresses tried has its words in the errors it holds. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** A host without the brackets that a URL puts around IPv6. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" || url.protocol === "wss:" ? 443 : 80;
}
