/** A target that already runs: one that speaks the contract, or a foreign one. */
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dial } from "./client/socket.ts";
import type { ContractTarget, ForeignTarget, RunningTarget } from "./suite.ts";
import { TargetError } from "./target.ts";
import type { ForeignTalk, Target } from "./target.ts";
import { fillFromEnvironment } from "./template.ts";
import type { Address } from "./transport.ts";

const REACH_TIMEOUT_MS = 5000;

/** Looks whether it is there, and starts nothing; throws {@link TargetError} where it is not. */
export async function reachTarget(target: RunningTarget, signal: AbortSignal): Promise<Target> {
  const ca = target.caFile === undefined ? "" : await readCertificate(target.name, target.caFile);
  const pids = target.pid === undefined ? [] : [target.pid].flat();
  checkProcesses(target.name, pids);
  const common = {
    library: { name: target.name, version: "" },
    addresses: [addressOf(target.url, ca)],
    pids,
    startedHere: false,
    stop: async () => [],
  };
  if (target.control !== undefined) return { ...common, controls: [await reachControl(target, signal)] };
  const foreign = talkOf(target, ca);
  await reachAddress(target.name, "url", target.url, common.addresses[0]!, signal);
  await reachAddress(target.name, "publish.url", target.publish.url, foreign.publish.address, signal);
  return { ...common, controls: [], foreign };
}

async function reachControl({ name, control }: ContractTarget, signal: AbortSignal): Promise<{ host: string; port: number }> {
  const url = new URL(control);
  try {
    const answer = await fetch(new URL("/healthz", url), { signal: AbortSignal.any([signal, AbortSignal.timeout(REACH_TIMEOUT_MS)]) });
    if (!answer.ok) throw new Error(`GET /healthz was answered ${answer.status}`);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new TargetError(
      `target "${name}": its control port ${url.host} cannot be reached: ${describe(cause ?? error)}; start it, or correct "control"`,
    );
  }
  return { host: bare(url.hostname), port: portOf(url) };
}

/** Opens a connection and closes it. */
async function reachAddress(name: string, field: string, url: string, address: Address, signal: AbortSignal): Promise<void> {
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(REACH_TIMEOUT_MS)]);
  try {
    await new Promise<void>((resolve, reject) => {
      const socket = dial(address, {}, () => {
        resolve();
        socket.end();
      });
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("the connection was closed")));
      giveUp.addEventListener("abort", () => {
        reject(giveUp.reason as Error);
        socket.destroy();
      });
    });
  } catch (error) {
    throw new TargetError(`target "${name}": ${url} cannot be reached: ${describe(error)}; start it, or correct "${field}"`);
  }
}

/** Figures of a process that has ended, or is somebody else's, would be missing in silence. */
function checkProcesses(name: string, pids: readonly number[]): void {
  if (!existsSync("/proc/self/stat")) return;
  for (const pid of pids) {
    const advice = 'correct "pid", or leave it out, and no figures of the server are taken';
    if (!existsSync(`/proc/${pid}/stat`)) throw new TargetError(`target "${name}": no process has the number ${pid}; ${advice}`);
    try {
      readdirSync(`/proc/${pid}/fd`);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      throw new TargetError(`target "${name}": process ${pid} may not be looked at (${code}): it is not yours; run as its user, ${advice}`);
    }
  }
}

function talkOf({ url, headers, subscribe = [], answer = {}, publish }: ForeignTarget, ca: string): ForeignTalk {
  return {
    subscription: { path: pathOf(url), headers: headersOf(headers), frames: [subscribe].flat(), answers: answer },
    publish: {
      address: addressOf(publish.url, ca),
      method: publish.method ?? "POST",
      path: pathOf(publish.url),
      headers: headersOf(publish.headers),
      body: publish.body ?? "",
    },
  };
}

/** Names in lower case, and secrets filled in: from here on they are in memory only. */
function headersOf(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fillFromEnvironment(value)]));
}

/** Path and query as they are sent, but for the places to fill, which a URL would escape. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`.replaceAll(/%7B(topic|message)%7D/gi, "{$1}");
}

function addressOf(url: string, ca: string): Address {
  const parsed = new URL(url);
  const secure = parsed.protocol === "https:" || parsed.protocol === "wss:";
  return { host: bare(parsed.hostname), port: portOf(parsed), ...(secure ? { ca } : {}) };
}

async function readCertificate(name: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new TargetError(`target "${name}": its caFile cannot be read: ${(error as Error).message}`);
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
