/** How the connections of a trial are laid out over processes, and whether this machine carries them; pure. */
import { assumedBytes, MEMORY_SHARE, PROCESS_BYTES } from "./machine/assumed.ts";
import { thousands } from "./machine/finding.ts";
import { OWN_DESCRIPTORS, processesFor, trackedLeft } from "./machine/headroom.ts";
import type { Limits } from "./machine/limits.ts";
import type { Scenario } from "./suite.ts";

/** Connections that are worth a process of their own, as long as there are cores for more. */
const WORTH_A_WORKER = 2000;

/** A limit of the machine that a trial meets, and with how much. */
export interface Need {
  readonly what: "descriptors a process" | "open files" | "tracked connections" | "bytes of memory";
  readonly needed: number;
  readonly available: number;
  /** How `needed` comes about. */
  readonly arithmetic: string;
}

/** A trial's connections over processes. */
export interface Layout {
  readonly connections: number;
  readonly serverProcesses: number;
  readonly workerProcesses: number;
  readonly memoryBytes: number;
  /** What it takes of each limit that could be read. */
  readonly needs: readonly Need[];
}

/** A trial of a server that is started here. */
export interface LayoutQuestion {
  readonly scenario: Pick<Scenario, "subscribers" | "pattern" | "instances" | "streams">;
  readonly transport: string;
  /** That the server stands on. */
  readonly library: string;
}

/** Processes that hold a share each of so many subscribers, besides the probes. */
export function workersFor(subscribers: number, cores: number, descriptors: number): number {
  const wanted = Math.min(Math.ceil(subscribers / WORTH_A_WORKER), Math.max(1, cores - 1));
  return Math.max(processesFor(subscribers, descriptors), wanted);
}

/** Server processes that a scenario has where it does not say: as few as have the descriptors. */
export function instancesFor(subscribers: number, pattern: Scenario["pattern"], descriptors: number): number {
  return processesFor(subscribers * connectionsEach(pattern), descriptors);
}

/** A subscriber that sends may have a connection for that. */
export function connectionsEach(pattern: Scenario["pattern"]): number {
  return pattern === "echo" ? 2 : 1;
}

/** How a trial is laid out on a machine with these limits; a limit that could not be read has no need. */
export function layOut({ scenario, transport, library }: LayoutQuestion, limits: Limits, cores: number): Layout {
  const { subscribers, instances, pattern, streams } = scenario;
  const { descriptorsHard, descriptorsSoft, filesMax, filesOpen = 0, memoryAvailableBytes } = limits;
  const descriptors = descriptorsHard ?? descriptorsSoft;
  const connections = transport.endsWith("-http2")
    ? Math.ceil(subscribers / streams)
    : subscribers * (transport === "websocket" ? 1 : connectionsEach(pattern));
  const workers = descriptors === undefined ? 1 : workersFor(subscribers, cores, Math.floor(descriptors / connectionsEach(pattern)));
  const processes = instances + workers;
  const { server, client, kernel } = assumedBytes(library, transport);
  const memoryBytes =
    subscribers * (server + client) + connections * kernel + instances * PROCESS_BYTES.server + workers * PROCESS_BYTES.worker;
  const needs: readonly (Omit<Need, "available"> & { readonly available: number | undefined })[] = [
    {
      what: "descriptors a process",
      needed: Math.ceil(connections / instances) + OWN_DESCRIPTORS,
      available: descriptors,
      arithmetic: `${thousands(connections)} connections over ${counted(instances, "server process", "server processes")}, and ${OWN_DESCRIPTORS} of its own`,
    },
    {
      what: "open files",
      needed: 2 * connections + processes * OWN_DESCRIPTORS,
      available: filesMax === undefined ? undefined : filesMax - filesOpen,
      arithmetic: `both ends of ${thousands(connections)} connections, and ${OWN_DESCRIPTORS} of each of ${processes} processes`,
    },
    {
      what: "tracked connections",
      needed: connections,
      available: trackedLeft(limits),
      arithmetic: `${thousands(connections)} connections`,
    },
    {
      what: "bytes of memory",
      needed: memoryBytes,
      available: memoryAvailableBytes === undefined ? undefined : Math.floor(memoryAvailableBytes * MEMORY_SHARE),
      arithmetic:
        `${thousands(subscribers)} subscribers of ${kilobytes(server)} in the server and ${kilobytes(client)} in the generator, ${thousands(connections)} ` +
        `connections of ${kilobytes(kernel)} in the kernel, ${counted(instances, "server", "servers")} of ${megabytes(PROCESS_BYTES.server)}, ` +
        `${counted(workers, "worker", "workers")} of ${megabytes(PROCESS_BYTES.worker)}`,
    },
  ];
  return {
    connections,
    serverProcesses: instances,
    workerProcesses: workers,
    memoryBytes,
    needs: needs.flatMap(({ available, ...need }) => (available === undefined ? [] : [{ ...need, available }])),
  };
}

/** Why a trial does not fit, with the arithmetic; absent where it does. */
export function refusalOf({ needs }: Layout): string | undefined {
  const short = needs.filter(({ needed, available }) => needed > available);
  if (short.length === 0) return undefined;
  return short
    .map(
      ({ what, needed, available, arithmetic }) =>
        `needs ${amount(what, needed)} (${arithmetic}) where there are ${amount(what, available)}`,
    )
    .join("; ");
}

/** In one line: `56 server processes and 59 workers for 1,000,000 connections: 18.7 of 21.2 GB`. */
export function describeLayout({ connections, serverProcesses, workerProcesses, memoryBytes, needs }: Layout): string {
  const available = needs.find(({ what }) => what === "bytes of memory")?.available;
  const processes = `${counted(serverProcesses, "server process", "server processes")} and ${counted(workerProcesses, "worker", "workers")}`;
  const held = `${processes} for ${counted(connections, "connection", "connections")}`;
  return `${held}, about ${inMemory(memoryBytes)}${available === undefined ? "" : ` of the ${inMemory(available)}`} of memory`;
}

function amount(what: Need["what"], value: number): string {
  return what === "bytes of memory" ? `${inMemory(value)} of memory` : `${thousands(value)} ${what}`;
}

function counted(n: number, one: string, more: string): string {
  return `${thousands(n)} ${n === 1 ? one : more}`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function inMemory(bytes: number): string {
  return bytes < 1e9 ? megabytes(bytes) : `${(bytes / 1e9).toFixed(1)} GB`;
}
