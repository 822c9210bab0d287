#!/usr/bin/env node
/** The entry: builds the program, runs one command, and turns whatever it throws into a message and an exit code. */
import { stat } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { SuiteError } from "../load/suite-error.ts";
import { TargetError } from "../load/target.ts";
import { UsageError } from "../load/usage-error.ts";
import { printableDocument } from "../reports/formats/escape.ts";
import { paintFor, wantsColor } from "./color.ts";
import { commandsFor } from "./commands.ts";
import { examples } from "./examples.ts";
import { EXIT } from "./exit-code.ts";
import { HELP } from "./help.ts";
import { option, withoutDisabledSwitches } from "./option.ts";
import { version } from "./version.ts";

/** Errors that say by themselves what to do, and are no bug: a full disk, sources that do not compile. */
const EXPECTED = new Set(["SaveError", "BuildError"]);

const program = new Command("pushbench")
  .description("Puts one publish workload through every push transport and tells what arrived, when, and what it cost the server.")
  .version(version(), "-V, --version")
  .addOption(option("--color", "colour even where it goes to a pipe"))
  .option("--no-color", "no colour (also NO_COLOR)")
  .addOption(option("--verbose", "show stack traces"))
  .addHelpText(
    "before",
    examples([
      ["run quick", "load every server for some seconds, leave a report"],
      ["open", "see the newest report in the browser"],
      ["init", "write a suite of your own to begin with"],
      ["capacity sse-node --vary connections", "how many it holds within an SLO, and what breaks first"],
      ["report results/…", "report on a run again, from what it saved"],
      ["gate --base main", "stop a build whose servers are surely worse than main's"],
      ["compare results/<base> results/<head>", "what changed between two runs, and how sure that is"],
      ["history", "how figures went from run to run, and where they changed"],
      ["list", "servers, transports and suites"],
      ["validate my.yaml", "check a suite, show all of its problems"],
      ["serve sse-node", "start one server to look at"],
      ["selftest", "see whether the figures are right on this machine"],
      ["schema", "JSON Schemas of suites and of all that is saved"],
    ]),
  )
  .exitOverride()
  .showSuggestionAfterError()
  .configureHelp(HELP)
  .configureOutput({
    // What was typed may come from anywhere, and is shown as it is.
    outputError: (text, write) => write(printableDocument(text)),
    getOutHasColors: () => wantsColor(process.stdout),
    getErrHasColors: () => wantsColor(process.stderr),
  });

const words = process.argv.slice(2);
for (const command of await commandsFor(words)) {
  program.addCommand(command.copyInheritedSettings(program));
  for (const nested of command.commands) nested.copyInheritedSettings(command);
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read us has what they wanted: `pushbench list | head -1` is no crash.
    if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.done);
    throw error;
  });
}

process.env = withoutDisabledSwitches(process.env);
try {
  if (words.every((word) => ["--color", "--no-color", "--verbose"].includes(word))) await showNextSteps();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Called without a command: what there is to do in this folder. */
async function showNextSteps(): Promise<void> {
  const [{ HISTORY_FILE }, { listResults }, { findSuites, nextStepsScreen }] = await Promise.all([
    import("../load/history.ts"),
    import("./newest-run.ts"),
    import("./next-steps.ts"),
  ]);
  const [suites, results, hasHistory] = await Promise.all([
    findSuites("."),
    listResults(),
    stat(HISTORY_FILE).then(
      (found) => found.isFile(),
      () => false,
    ),
  ]);
  process.stdout.write(nextStepsScreen({ suites, results, hasHistory }, process.stdout.columns || Infinity));
}

/** A message's own line ends and tabs stay: a caret stands under what they indent. */
function harmless(text: string): string {
  return text.split("\t").map(printableDocument).join("\t");
}

/** Prints what went wrong, with a stack only when asked for; the exit code. */
function report(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const paint = paintFor(process.stderr);
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const verbose = program.opts<{ verbose?: boolean }>().verbose === true;
  const known = error instanceof UsageError || error instanceof TargetError || EXPECTED.has(name);
  const columns = process.stderr.columns || Infinity;
  // A suite's module may throw whatever it likes, and names in a suite are anybody's.
  const text = error instanceof SuiteError ? harmless(error.shown(columns)) : `${paint.red("error:")} ${harmless(message)}`;
  process.stderr.write(`${text}\n`);
  if (verbose) process.stderr.write(`${paint.dim(harmless(stack ?? name))}\n`);
  else if (!known) process.stderr.write("this is a bug in pushbench, not in what you asked for: run again with --verbose for the stack\n");
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof TargetError ? EXIT.targetFailed : EXIT.internal;
}
