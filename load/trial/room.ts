/** How much of what is limited in number a trial had in use; pure but for what it reads of the machine. */
import { portCount } from "../machine/headroom.ts";
import { descriptorsOf, descriptorsPerProcess, readLimits } from "../machine/limits.ts";
import type { GeneratorProcess } from "../measurement.ts";
import { present } from "../present.ts";
import type { RawSample } from "../sampling/raw-sample.ts";
import { portsTaken, readTcpTable } from "../sampling/tcp-table.ts";
import type { Target } from "../target.ts";
import type { RoomUse } from "../validity.ts";

/** What cannot be read is absent. */
export interface Room {
  readonly serverDescriptors?: number;
  readonly generatorDescriptors: number;
  /** Between a client address and a server port, and those in use; absent where each worker has an address of its own, whose ports are as many as its descriptors. */
  readonly ports?: { readonly of: number; readonly taken: number };
}

/** The limits that this machine sets a target with these processes, of which the first stands for all; asked while its subscribers are connected. */
export async function readRoom({ pids, addresses }: Pick<Target, "pids" | "addresses">, ownPorts: boolean): Promise<Room> {
  return present({
    serverDescriptors: pids[0] === undefined ? undefined : descriptorsOf(pids[0]),
    generatorDescriptors: descriptorsPerProcess(),
    ports: ownPorts ? undefined : await readPorts(addresses.map(({ port }) => port)),
  });
}

async function readPorts(serverPorts: readonly number[]): Promise<Room["ports"]> {
  const { portRange } = readLimits();
  const table = await readTcpTable();
  return portRange === undefined || table === undefined ? undefined : { of: portCount(portRange), taken: portsTaken(table, serverPorts) };
}

export interface RoomFacts {
  readonly room: Room;
  readonly samples: readonly Pick<RawSample, "server">[];
  /** Processes of the server, over which its connections are spread. */
  readonly instances: number;
  /** Descriptors of the server before its first subscriber. */
  readonly idleFds?: number;
  readonly generator: readonly Pick<GeneratorProcess, "fds">[];
}

/** The most that was in use of each, as far as it is known. */
export function roomUsed({ room, samples, instances, idleFds = 0, generator }: RoomFacts): RoomUse[] {
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  const serverFds = Math.ceil(most(samples.map(({ server }) => server?.fds ?? 0)) / instances);
  const generatorFds = most(generator.map(({ fds = 0 }) => fds));
  // A port is taken from its connect until its socket has left TIME_WAIT; more may have been connected than are at the end.
  const connected = Math.ceil(most(samples.map(({ server }) => (server?.fds ?? idleFds) - idleFds)) / instances);
  const use = (what: string, used: number, of: number | undefined): RoomUse[] => (of === undefined ? [] : [{ what, used, of }]);
  return [
    ...use("descriptors of a server process", serverFds, room.serverDescriptors),
    ...use("descriptors of a generator process", generatorFds, room.generatorDescriptors),
    ...use("ports of a client address", Math.max(connected, room.ports?.taken ?? 0), room.ports?.of),
  ];
}
