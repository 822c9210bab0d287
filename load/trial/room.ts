/** How much of what is limited in number a trial had in use; pure but for the limits it reads. */
import { portCount } from "../machine/headroom.ts";
import { descriptorsOf, descriptorsPerProcess, readLimits } from "../machine/limits.ts";
import type { GeneratorProcess } from "../measurement.ts";
import { present } from "../present.ts";
import type { RawSample } from "../sampling/raw-sample.ts";
import type { RoomUse } from "../validity.ts";

/** What cannot be read is absent. */
export interface Room {
  readonly serverDescriptors?: number;
  readonly generatorDescriptors: number;
  /** Between a client address and a server port; absent where each worker has an address of its own, whose ports are as many as its descriptors. */
  readonly ports?: number;
}

/** The limits that this machine sets a target with these processes, of which the first stands for all. */
export function readRoom(pids: readonly number[], ownPorts: boolean): Room {
  const { portRange } = readLimits();
  return present({
    serverDescriptors: pids[0] === undefined ? undefined : descriptorsOf(pids[0]),
    generatorDescriptors: descriptorsPerProcess(),
    ports: portRange === undefined || ownPorts ? undefined : portCount(portRange),
  });
}

export interface RoomFacts {
  readonly room: Room;
  readonly samples: readonly Pick<RawSample, "server" | "host">[];
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
  // A port is taken from its connect until its socket has left TIME_WAIT.
  const ports = most(
    samples.map(({ server, host }) => Math.max(0, (server?.fds ?? idleFds) - idleFds) / instances + (host.timeWaitSockets ?? 0)),
  );
  const use = (what: string, used: number, of: number | undefined): RoomUse[] => (of === undefined ? [] : [{ what, used, of }]);
  return [
    ...use("descriptors of a server process", serverFds, room.serverDescriptors),
    ...use("descriptors of a generator process", generatorFds, room.generatorDescriptors),
    ...use("ports of a client address", Math.ceil(ports), room.ports),
  ];
}
