/** "A file in reference/ is a server; its name is the file's name." */
import { readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { LibraryVersion } from "./contract.ts";
import type { ReferenceServer } from "./reference-server.ts";

export type CatalogEntry = AvailableServer | UnavailableServer;

export interface AvailableServer {
  readonly name: string;
  readonly available: true;
  readonly transport: string;
  /** Whether it can serve over TLS. */
  readonly tls: boolean;
  readonly library: LibraryVersion;
}

/** One whose library cannot be loaded on this machine. */
export interface UnavailableServer {
  readonly name: string;
  readonly available: false;
  readonly reason: string;
}

const REFERENCE = new URL("./reference/", import.meta.url);
const SERVER_FILE = /^([a-z0-9-]+)\.[jt]s$/;

/** Every server of the folder, by name. A server that cannot be loaded is listed with the reason; nothing is thrown for it. */
export async function loadCatalog(folder: URL = REFERENCE): Promise<CatalogEntry[]> {
  const names = await listServers(folder);
  return Promise.all(names.map((name) => loadEntry(name, folder)));
}

/** The names of all servers, without loading any. */
export async function listServers(folder: URL = REFERENCE): Promise<string[]> {
  return [...(await serverFiles(folder)).keys()];
}

/** The same at once, for who cannot wait. */
export function serverNames(folder: URL = REFERENCE): string[] {
  return [...named(readdirSync(folder)).keys()];
}

/** Loads one server and nothing of the others, whose libraries would stand in its memory figures. Throws when it cannot be loaded. */
export async function loadServer(name: string, folder: URL = REFERENCE): Promise<ReferenceServer> {
  const files = await serverFiles(folder);
  const file = files.get(name);
  if (file === undefined) throw new Error(`unknown server "${name}": expected one of ${[...files.keys()].join(", ")}`);
  const { server } = (await import(/* @vite-ignore */ new URL(file, folder).href)) as {
    readonly server?: ReferenceServer;
  };
  if (server === undefined) throw new Error(`${file} exports no server`);
  return server;
}

async function loadEntry(name: string, folder: URL): Promise<CatalogEntry> {
  try {
    const server = await loadServer(name, folder);
    return {
      name,
      available: true,
      transport: server.transport,
      tls: server.tls,
      library: server.library(),
    };
  } catch (error) {
    return { name, available: false, reason: reasonOf(error) };
  }
}

/** The first line of what was thrown: loaders add a require stack. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}

async function serverFiles(folder: URL): Promise<Map<string, string>> {
  return named(await readdir(folder));
}

/** Files by the name of their server. */
function named(files: readonly string[]): Map<string, string> {
  return new Map(
    files.toSorted().flatMap((file): [string, string][] => {
      const name = SERVER_FILE.exec(file)?.[1];
      return name === undefined ? [] : [[name, file]];
    }),
  );
}
