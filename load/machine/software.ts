/** What is installed that pushbench stands on or can do without. */
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { loadServer, reasonOf } from "../../servers/catalog.ts";
import { present } from "../present.ts";
import { findCommand } from "../find-command.ts";

export interface Software {
  readonly platform: string;
  /** `20.18.1`, without a `v`. */
  readonly node: string;
  /** Oldest Node that will do. */
  readonly nodeRequired: string;
  /** Absent where the C library is another one (musl, macOS). */
  readonly glibc?: string;
  /** Cores this process may run on. */
  readonly cores: number;
  readonly uWebSockets: Loadable;
  /** Whether `ss` of iproute2 is in the path. */
  readonly ss: boolean;
}

export type Loadable = { readonly loads: true; readonly version: string } | { readonly loads: false; readonly reason: string };

export async function readSoftware(): Promise<Software> {
  const require = createRequire(import.meta.url);
  const { engines } = require(import.meta.url.endsWith(".js") ? "../../../package.json" : "../../package.json") as {
    readonly engines: { readonly node: string };
  };
  const { glibcVersionRuntime: glibc } = (process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }).header;
  return present({
    platform: process.platform,
    node: process.versions.node,
    nodeRequired: engines.node.replace(/^\D+/, ""),
    glibc,
    cores: availableParallelism(),
    uWebSockets: await tryUWebSockets(),
    ss: findCommand("ss") !== undefined,
  });
}

/** Asks a server that stands on it, which is what a run would load. */
async function tryUWebSockets(): Promise<Loadable> {
  try {
    return { loads: true, version: (await loadServer("websocket-uws")).library().version };
  } catch (error) {
    return { loads: false, reason: reasonOf(error) };
  }
}
