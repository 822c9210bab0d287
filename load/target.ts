/** The server under test, and how one from servers/ is started. */
import { DEFAULT_SERVER_OPTIONS } from "../servers/contract.ts";
import type { LibraryVersion, ReadyLine } from "../servers/contract.ts";
import { availableParallelism } from "node:os";
import { isAbsolute } from "node:path";
import { compiledFile } from "./compiled.ts";
import { graceMs, startChild } from "./fleet/child.ts";
import type { Child } from "./fleet/child.ts";
import type { PublishRequest } from "./assignment.ts";
import type { Scenario } from "./suite.ts";
import type { Address, ForeignSubscription } from "./transport.ts";

/** How long a server may take from its start to its ready line. */
const READY_TIMEOUT_MS = 15_000;

export interface Target {
  readonly library: LibraryVersion;
  /** One per instance, in the same order as `controls`. */
  readonly addresses: readonly Address[];
  /** None where the target is a foreign one. */
  readonly controls: readonly { readonly host: string; readonly port: number }[];
  /** Processes that may be sampled; empty where none is known. */
  readonly pids: readonly number[];
  /** Otherwise nobody knows what else its processes have started. */
  readonly startedHere: boolean;
  /** Absent where it speaks the contract. */
  readonly foreign?: ForeignTalk;
  /** Ends what was started here; says so when a process had to be killed. */
  stop(): Promise<readonly string[]>;
}

/** How a foreign target is spoken to; {topic} and {message} are still to be filled. */
export interface ForeignTalk {
  readonly subscription: ForeignSubscription;
  readonly publish: PublishRequest;
}

/** What of a scenario a server is started with. */
export type ServerScenario = Pick<
  Scenario,
  "instances" | "historyMessages" | "heartbeatMs" | "backpressureBytes" | "batchMs" | "tls" | "frames" | "compression"
> &
  Partial<Pick<Scenario, "pattern">>;

/** What is started as a server, and what it is told before the server's name. */
export interface ServerProgram {
  /** A source of pushbench from its root, or the absolute path of a JavaScript file. */
  readonly file: string;
  readonly args: readonly string[];
  /** That it may have open; as many as this process unless said. */
  readonly descriptors?: number;
}

/** Each computes for half a second: of fifty at once the last would come too late. */
const STARTING_AT_ONCE = 2 * availableParallelism();

const REFERENCE: ServerProgram = { file: "servers/serve.ts", args: [] };

/** The target did not come up or cannot be reached; the message names it and its address. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}

/** Starts `scenario.instances` fresh processes of a reference server. `died` is told when one ends by itself; `signal` ends the start. */
export async function startTarget(
  server: string,
  scenario: ServerScenario,
  died: (how: string) => void,
  signal: AbortSignal,
  program: ServerProgram = REFERENCE,
): Promise<Target> {
  const args = [
    ...program.args,
    server,
    ...["--history-messages", String(scenario.historyMessages)],
    ...["--heartbeat-ms", String(scenario.heartbeatMs)],
    ...["--backpressure-bytes", String(scenario.backpressureBytes)],
    ...["--batch-ms", String(scenario.batchMs)],
    ...(scenario.tls ? ["--tls"] : []),
    ...(scenario.frames === "binary" ? ["--binary"] : []),
    ...(scenario.compression ? ["--compression"] : []),
    ...(scenario.pattern === "echo" ? ["--echo"] : []),
    ...["--loop-delay-resolution-ms", String(DEFAULT_SERVER_OPTIONS.loopDelayResolutionMs * scenario.instances)],
  ];
  let up = false;
  let stopping = false;
  const children: Child<never>[] = [];
  const startOne = async (): Promise<ReadyLine> => {
    const child = startChild<never, never>({
      name: server,
      file: isAbsolute(program.file) ? program.file : compiledFile(program.file),
      args,
      ...(program.descriptors === undefined ? {} : { descriptors: program.descriptors }),
      report() {},
      died(how) {
        if (up) died(how);
      },
    });
    children.push(child);
    return readReadyLine(await inTime(child.firstLine, server));
  };
  const stop = async (): Promise<string[]> => {
    stopping = true;
    const grace = graceMs(children.length);
    const stopped = await Promise.all(children.map((child) => child.stop(grace)));
    const killed = stopped.filter((byItself) => !byItself).length;
    if (killed === 0) return [];
    const who = children.length === 1 ? server : `${killed} of ${children.length} processes of ${server}`;
    return [`${who} did not end within ${grace / 1000} s of SIGTERM and ${killed === 1 ? "was" : "were"} killed`];
  };
  const giveUp = (): void => void stop();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const lines: ReadyLine[] = [];
    let left = scenario.instances;
    await Promise.all(
      Array.from({ length: Math.min(left, STARTING_AT_ONCE) }, async () => {
        while (left > 0 && !stopping) {
          left--;
          lines.push(await startOne());
        }
      }),
    );
    if (stopping) throw new Error(`${server} was stopped as it started`);
    up = true;
    return {
      library: lines[0]!.library,
      addresses: lines.map(({ host, port, ca }) => ({ host, port, ...(ca === undefined ? {} : { ca }) })),
      controls: lines.map(({ controlHost, controlPort }) => ({ host: controlHost, port: controlPort })),
      pids: lines.map(({ pid }) => pid),
      startedHere: true,
      stop,
    };
  } catch (error) {
    await stop();
    throw new TargetError((error as Error).message);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function readReadyLine(line: string): ReadyLine {
  const ready = JSON.parse(line) as ReadyLine;
  if (ready.pushbench !== 1) throw new Error(`speaks version ${String(ready.pushbench)} of the contract where 1 is known`);
  return ready;
}

/** What `server` says first, or an error that says how long it was waited for. */
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
