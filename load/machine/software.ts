/** What is installed that pushbench stands on or can do without. */
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { present } from "../present.ts";

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
    uWebSockets: await tryUWebSockets(glibc),
    ss: findCommand("ss", process.env["PATH"] ?? ""),
  });
}

async function tryUWebSockets(glibc: string | undefined): Promise<Loadable> {
  const name = "uWebSockets.js";
  try {
    await import(/* @vite-ignore */ name);
    const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string };
    return { loads: true, version };
  } catch (error) {
    return { loads: false, reason: explainLoadFailure(error, process.versions.node, glibc) };
  }
}

/**
 * Why uWebSockets.js does not load, in words. It is a native library, shipped as one binary for each platform and Node; on Linux those
 * for Node 20 need glibc 2.27, those for Node 22 and later 2.38. Its own error names the versions of Node it knows, whatever is wrong.
 */
export function explainLoadFailure(error: unknown, node: string, glibc: string | undefined): string {
  const message = error instanceof Error ? error.message : String(error);
  const needed = /GLIBC_(\d+\.\d+)' not found/.exec(message)?.[1];
  if (needed !== undefined)
    return `its binary for Node ${node} needs glibc ${needed}, and this machine has ${glibc ?? "another C library"}`;
  if (/Cannot find (module|package) '[^']*\.node'/.test(message)) return `it ships no binary for Node ${node} on this platform`;
  if (/Cannot find (module|package) 'uWebSockets\.js'/.test(message)) return "it is not installed";
  if (glibc === undefined && /\.node|shared object|musl/.test(message))
    return "its binaries need glibc, and this machine has another C library";
  return message.split("\n").findLast((line) => line.trim() !== "") ?? "no reason given";
}

/** Slim images and unprivileged users often lack the folders of system commands in their path. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/** Whether there is a command of that name, in `path` or where system commands live. */
export function findCommand(name: string, path: string): boolean {
  return [...path.split(delimiter).filter((folder) => folder !== ""), ...SYSTEM_FOLDERS].some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
