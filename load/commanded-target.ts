/** A target that its user's command starts, afresh for each trial, on a port that is chosen for it. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { compiledFile } from "./compiled.ts";
import { startChild } from "./fleet/child.ts";
import { reachTarget } from "./running-target.ts";
import type { ForeignTarget, RunningTarget } from "./suite.ts";
import { TargetError } from "./target.ts";
import type { ServerProgram, Target } from "./target.ts";
import type { KeeperReport } from "./workers/keeper.ts";

/** How long the command may take until its server listens. */
const LISTENS_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 50;

export type CommandedTarget = ForeignTarget & { readonly command: string };

export function isCommanded(target: RunningTarget): target is CommandedTarget {
  return target.control === undefined && target.command !== undefined;
}

/** What runs a command in a folder, and ends all that it started when it is ended. */
export function keeperOf(folder: string, command: string, args: readonly string[] = []): ServerProgram {
  return { file: "load/workers/keeper.ts", args: [folder, command, ...args] };
}

/**
 * Starts the command in `folder` and waits until its server listens; throws {@link TargetError} where it does not. `died` is told when the
 * command ends by itself later on; `signal` ends the start.
 */
export async function startCommanded(
  target: CommandedTarget,
  died: (how: string) => void,
  signal: AbortSignal,
  folder = process.cwd(),
): Promise<Target> {
  const port = await freePort();
  const program = keeperOf(folder, `export PORT=${port}; ${target.command}`);
  let up = false;
  let ended: string | undefined;
  let pid: number | undefined;
  const keeper = startChild<never, KeeperReport>({
    name: target.name,
    file: compiledFile(program.file),
    args: program.args,
    report: (report) => (pid = report.pid),
    died(how) {
      ended = how;
      if (up) died(how);
    },
  });
  const stop = async (): Promise<string[]> =>
    (await keeper.stop()) ? [] : [`${target.name} did not end within 2 s of SIGTERM and was killed`];
  try {
    const reached = await reachOnce(target, port, () => ended, signal);
    up = true;
    return { ...reached, pids: pid === undefined ? [] : [pid], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As soon as it listens; at the end of its time the error is that of the last look. */
async function reachOnce(target: CommandedTarget, port: number, ended: () => string | undefined, signal: AbortSignal): Promise<Target> {
  const running = atPort(target, port);
  for (const untilMs = performance.now() + LISTENS_WITHIN_MS; ; await delay(LOOK_EVERY_MS, undefined, { signal })) {
    try {
      return await reachTarget(running, signal);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      const how = ended();
      if (how !== undefined) throw new TargetError(`target "${target.name}": its command ended before it listened on PORT: ${how}`);
      if (performance.now() > untilMs) {
        throw new TargetError(
          `target "${target.name}": its command listens on no port ${port} after ${LISTENS_WITHIN_MS / 1000} s; it is to listen on PORT of its environment (${error.message})`,
        );
      }
    }
  }
}

/** The target with its port in the place of 0. */
function atPort(target: CommandedTarget, port: number): ForeignTarget {
  const at = (url: string): string => url.replace(/^([a-z]+:\/\/(?:\[[^\]]*\]|[^/:?#]*)):0(?=[/?#]|$)/i, `$1:${port}`);
  return { ...target, url: at(target.url), publish: { ...target.publish, url: at(target.publish.url) } };
}

/** One that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
