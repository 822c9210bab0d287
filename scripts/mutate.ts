/**
 * Breaks the measuring code in each of the listed ways, one at a time, and shows which test notices: `npm run -s mutate`, or with
 * `-- --only ledger` in those alone that have the word in their file or what they are. Ends with 1 when no test
 * notices one.
 *
 * Everything happens in copies of the working tree, which stays as it is and may change meanwhile.
 */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UsageError } from "../load/usage-error.ts";
import { EXIT } from "./exit-code.ts";
import { listenForInterruption } from "./interruption.ts";
import { mutate, outcomeOf } from "./mutation.ts";
import type { Mutation, Outcome, TestReport } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** So many at once: a third would only make the tests of timing fail for want of a core. */
const LANES = 2;
/** A build and the tests of a file or two take a tenth of it. */
const LONGEST_MS = 120_000;
/** All files that are named by a mutation, at once. */
const LONGEST_UNCHANGED_MS = 600_000;

/** A copy of the working tree, of what git does not ignore. */
function copyTree(tree: string): string {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" });
  for (const file of files.split("\0")) {
    if (file !== "" && existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(tree, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  return tree;
}

/** Runs these tests of a copy, up to the first that fails. */
async function test(tree: string, tests: readonly string[], longestMs: number, interrupted: AbortSignal): Promise<Outcome> {
  const report = `${tree}.json`;
  rmSync(report, { force: true });
  const args = ["node_modules/vitest/vitest.mjs", "run", "--bail=1", "--no-cache", "--reporter=json", `--outputFile=${report}`, ...tests];
  interrupted.throwIfAborted();
  // A group of its own, so that with vitest all that it started is ended; what that leaves behind lies in the folder that is removed.
  const env = { ...process.env, TMPDIR: dirname(tree) };
  const child = spawn(process.execPath, args, { cwd: tree, env, stdio: "ignore", detached: true });
  const over = AbortSignal.any([interrupted, AbortSignal.timeout(longestMs)]);
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  over.addEventListener("abort", end);
  await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
  over.removeEventListener("abort", end);
  interrupted.throwIfAborted();
  if (over.aborted) return { kind: "unclear", why: `the tests were not over after ${longestMs / 1000} s` };
  if (!existsSync(report)) return { kind: "unclear", why: "the tests did not run" };
  return outcomeOf(JSON.parse(await readFile(report, "utf8")) as TestReport);
}

/** The tests with that mutation in the copy, which is then as it was. */
async function judge(tree: string, mutation: Mutation, interrupted: AbortSignal): Promise<Outcome> {
  const path = join(tree, mutation.file);
  const source = await readFile(path, "utf8");
  await writeFile(path, mutate(source, mutation));
  try {
    return await test(tree, mutation.tests, LONGEST_MS, interrupted);
  } finally {
    await writeFile(path, source);
  }
}

/** Tells each outcome as soon as it is known, and returns all of them. */
async function judgeAll(
  mutations: readonly Mutation[],
  interrupted: AbortSignal,
  tell: (mutation: Mutation, outcome: Outcome) => void,
): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "pushbench-mutate-"));
  try {
    const trees = Array.from({ length: LANES }, (_, lane) => copyTree(join(folder, String(lane))));
    for (const mutation of mutations) mutate(await readFile(join(trees[0]!, mutation.file), "utf8"), mutation);
    process.stderr.write("the tests as they are …\n");
    const unchanged = await test(trees[0]!, [...new Set(mutations.flatMap(({ tests }) => tests))], LONGEST_UNCHANGED_MS, interrupted);
    if (unchanged.kind !== "survived") {
      throw new UsageError(
        `the tests do not pass without a mutation: ${unchanged.kind === "caught" ? unchanged.by : unchanged.why}: mend them first`,
      );
    }
    const outcomes: Outcome[] = [];
    const queue = mutations.values();
    // Both lanes take from the one queue.
    await Promise.all(
      trees.map(async (tree) => {
        for (const mutation of queue) {
          const outcome = await judge(tree, mutation, interrupted);
          tell(mutation, outcome);
          outcomes.push(outcome);
        }
      }),
    );
    return outcomes;
  } finally {
    // Who was just ended may still be about to write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const widthOf = (column: "file" | "what"): number => Math.max(...MUTATIONS.map((each) => each[column].length));

function row({ file, what }: Mutation, outcome: Outcome): string {
  const by = { caught: "caught by", survived: "SURVIVED", unclear: "UNCLEAR" }[outcome.kind];
  const words = outcome.kind === "caught" ? outcome.by : outcome.kind === "unclear" ? outcome.why : "";
  return `${file.padEnd(widthOf("file"))}  ${what.padEnd(widthOf("what"))}  ${by.padEnd(9)}  ${words}`.trimEnd();
}

const { only } = parseArgs({ options: { only: { type: "string" } } }).values;
const chosen = MUTATIONS.filter(({ file, what }) => only === undefined || `${file} ${what}`.includes(only));
const interruption = listenForInterruption((signal) => process.stderr.write(`${signal}: ending the tests\n`));
try {
  if (chosen.length === 0) throw new UsageError(`no mutation has "${String(only)}" in its file or its words: see scripts/mutations.ts`);
  const outcomes = await judgeAll(chosen, interruption.signal, (mutation, outcome) => process.stdout.write(`${row(mutation, outcome)}\n`));
  const caught = outcomes.filter(({ kind }) => kind === "caught").length;
  process.stdout.write(`\n${caught} of ${chosen.length} mutations are caught\n`);
  process.exitCode = caught === chosen.length ? EXIT.done : EXIT.internal;
} catch (error) {
  if (interruption.exitCode() === undefined && !(error instanceof UsageError)) throw error;
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n`);
  process.exitCode = interruption.exitCode() ?? EXIT.internal;
} finally {
  interruption.dispose();
}
