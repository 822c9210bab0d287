/**
 * Suites in JavaScript or TypeScript, which a process of their own reads: whatever a module does besides (print, exit, never end, keep timers)
 * is over with it, and its TypeScript loader is in the memory of no process that measures or coordinates.
 */
import { fork } from "node:child_process";
import { extname, resolve } from "node:path";
import { compiledFile, ensureBuilt } from "./compiled.ts";
import { resolveSuite } from "./defined-suite.ts";
import { SuiteError } from "./suite-error.ts";
import type { ReadModule } from "./suite/module-answer.ts";
import type { KnownServer } from "./suite/servers.ts";
import type { Suite } from "./suite.ts";
import { UsageError } from "./usage-error.ts";

const MODULES = new Set([".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"]);
const TIMEOUT_MS = 30_000;
/** How much of what a module wrote to stderr is kept, to say why it ended. */
const STDERR_TAIL = 1000;

/** Whether a suite's file is a program. */
export function isSuiteModule(path: string): boolean {
  return MODULES.has(extname(path));
}

/**
 * Reads the suite that a module exports by default. Throws {@link SuiteError} with all of its problems, each with its path in the object, and
 * {@link UsageError} where the module cannot be loaded or exports none; `BuildError` where pushbench's own sources do not compile.
 */
export async function readSuiteModule(path: string, known: readonly KnownServer[], timeoutMs = TIMEOUT_MS): Promise<Suite> {
  await ensureBuilt();
  const answer = await ask(path, timeoutMs);
  switch (answer.kind) {
    case "suite":
      return resolveSuite(answer.value, known, path);
    case "problems":
      throw new SuiteError(path, "", answer.problems);
    case "failed":
      throw new UsageError(`cannot load suite "${path}": ${answer.reason}`);
  }
}

function ask(path: string, timeoutMs: number): Promise<ReadModule> {
  return new Promise((answered, broken) => {
    const child = fork(compiledFile("load/workers/suite-reader.ts"), [resolve(path)], {
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let answer: ReadModule | undefined;
    let stderr = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-STDERR_TAIL)));
    child.once("message", (message) => {
      answer = message as ReadModule;
      // It has said all; what it still does would only keep it.
      child.kill("SIGKILL");
    });
    const timer = setTimeout(() => {
      answer = { kind: "failed", reason: `it was not loaded within ${timeoutMs / 1000} s` };
      child.kill("SIGKILL");
    }, timeoutMs);
    child.once("error", (error) => {
      clearTimeout(timer);
      broken(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const how = signal === null ? `with code ${String(code)}` : `by ${signal}`;
      const said = stderr.trim();
      answered(
        answer ?? { kind: "failed", reason: `it ended its process ${how} before it exported a suite${said === "" ? "" : `: ${said}`}` },
      );
    });
  });
}
