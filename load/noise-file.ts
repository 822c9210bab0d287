/** Where the noise of each class of machine is kept. */
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./measurement.ts";
import type { NoiseRecord } from "./noise-record.ts";
import { saveFile } from "./save.ts";
import { readSavedJson } from "./saved-json.ts";

const SCHEMA_VERSION = 1;

/** The file: the last record of each class of machine. */
interface NoiseFile {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly machines: readonly NoiseRecord[];
}

/** Machines whose noise is taken to be the same: processor, cores, memory, major version of Node, kernel without its patches. */
export function machineClass({ cpu, cores, memoryBytes, node, kernel }: Environment): string {
  const major = /^v?(\d+)/.exec(node)?.[1] ?? node;
  const release = /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel;
  return `${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, Node ${major}, kernel ${release}`;
}

/** Where it is kept unless another file is named: in the user's cache. */
export function defaultNoiseFile(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env["XDG_CACHE_HOME"];
  return join(cache === undefined || cache === "" ? join(homedir(), ".cache") : cache, "pushbench", "noise.json");
}

/** That of a class of machine; `undefined` where none was kept. Throws `UsageError` where the file cannot be read. */
export async function readNoise(file: string, machine: string): Promise<NoiseRecord | undefined> {
  return (await readMachines(file)).find((record) => record.machine === machine);
}

/** That of the class of a machine, from the file where it is kept unless another one is named. Throws as {@link readNoise}. */
export async function noiseOf(environment: Environment, file: string = defaultNoiseFile()): Promise<NoiseRecord | undefined> {
  return readNoise(file, machineClass(environment));
}

/** In the place of the last one of its class; throws `SaveError`, and `UsageError` where what is there cannot be read. */
export async function keepNoise(file: string, record: NoiseRecord): Promise<void> {
  const others = (await readMachines(file)).filter(({ machine }) => machine !== record.machine);
  const kept: NoiseFile = { schemaVersion: SCHEMA_VERSION, machines: [...others, record] };
  await saveFile(file, `${JSON.stringify(kept, null, 2)}\n`);
}

async function readMachines(file: string): Promise<readonly NoiseRecord[]> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return isThere ? ((await readSavedJson(file, "no noise was kept", SCHEMA_VERSION)) as NoiseFile).machines : [];
}
