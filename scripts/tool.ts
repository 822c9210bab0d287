/** Programs that nobody here wrote, each run as a child that ends by itself. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { findCommand } from "../load/find-command.ts";
import { readTimes } from "./tool-output.ts";

export interface Tool {
  readonly name: string;
  /** What to type to have it. */
  readonly install: string;
}

export const SS: Tool = { name: "ss", install: "apt install iproute2" };
export const WRK: Tool = { name: "wrk", install: "apt install wrk" };
export const H2LOAD: Tool = { name: "h2load", install: "apt install nghttp2-client" };
export const LSOF: Tool = { name: "lsof", install: "apt install lsof" };
export const PS: Tool = { name: "ps", install: "apt install procps" };
export const AWK: Tool = { name: "awk", install: "apt install mawk" };
export const CURL: Tool = { name: "curl", install: "apt install curl" };
/** A dependency, so it is here. */
export const AUTOCANNON = createRequire(import.meta.url).resolve("autocannon/autocannon.js");

/** A tool may take this long and no longer. */
const LONGEST_MS = 60_000;

/** Whether it is on this machine. */
export function isHere({ name }: Tool): boolean {
  return findCommand(name) !== undefined;
}

/** What it printed on stdout; `ended` codes beside 0 are its ordinary end. */
export function run(file: string, args: readonly string[], signal: AbortSignal, ended: readonly number[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null || ended.includes(Number(error.code))) resolve(stdout);
      else reject(new Error(`${file} ${args.join(" ")}: ${stderr.trim() || error.message}`, { cause: error }));
    });
  });
}

/** The same, and the CPU time that it and its children took, in s to a hundredth, as the shell accounts for it. */
export async function runTimed(
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly stdout: string; readonly cpuSeconds: number }> {
  const stdout = await run("sh", ["-c", '"$@" && times', "sh", file, ...args], signal);
  return { stdout, cpuSeconds: readTimes(stdout) };
}
