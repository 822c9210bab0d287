/** What may be done next in a folder, as `pushbench` shows it where it is called without a command. */
import { open, readdir } from "node:fs/promises";
import { printable } from "../reports/formats/escape.ts";
import { padEndTo, textWidth } from "../reports/formats/text-width.ts";
import { wrapped } from "../reports/formats/wrap.ts";
import { invocation } from "./invocation.ts";
import type { ResultsFolder } from "./newest-run.ts";
import { shellWord } from "./shell-word.ts";

/** What was found in a folder. */
export interface Surroundings {
  /** Names of suite files, in natural order. */
  readonly suites: readonly string[];
  /** Newest first. */
  readonly results: readonly ResultsFolder[];
  readonly hasHistory: boolean;
}

/** A command, without the program's name, and what it does. */
export type Step = readonly [command: string, does: string];

/** The steps, most useful first. */
export function nextSteps({ suites, results, hasHistory }: Surroundings): { readonly found: string; readonly steps: readonly Step[] } {
  const runs = results.filter(({ kind }) => kind === "run");
  const [newest, before] = runs;
  const [suite, ...others] = suites;
  const steps: Step[] = [];
  if (newest !== undefined) {
    const folder = shellWord(newest.directory);
    steps.push(
      newest.report === undefined ? [`report ${folder}`, "make its report"] : [`open ${folder}`, "see its report"],
      ...(before === undefined
        ? []
        : [[`compare ${shellWord(before.directory)} ${folder}`, "what changed since the run before it"] as const]),
      ...(hasHistory ? [["history", "how figures went from run to run"] as const] : []),
    );
  }
  if (suite === undefined) {
    if (newest === undefined) steps.push(["run quick", "load every server for some seconds, leave a report; under 3 minutes"]);
    steps.push(["init", "write a suite of your own to begin with"]);
    if (newest === undefined) steps.push(["doctor", "what this machine allows"], ["list", "servers, transports and suites"]);
  } else {
    steps.push([`validate ${pathOf(suite)}`, "check it, and how long it takes"], [`run ${pathOf(suite)}`, "run it"]);
  }
  const found = [
    ...(newest === undefined ? [] : [`last run ${newest.directory}`]),
    ...(suite === undefined ? [] : [others.length === 0 ? `a suite, ${suite}` : `${suites.length} suites, ${suite} the first`]),
  ];
  return { found: found.length === 0 ? "no results and no suite in this folder yet" : found.join("; "), steps };
}

/** A name alone would be that of a built-in suite. */
function pathOf(file: string): string {
  return shellWord(file.includes("/") ? file : `./${file}`);
}

/** The screen: a command a line with what it does behind it, or below it where that is too wide. */
export function nextStepsScreen(surroundings: Surroundings, width: number): string {
  const { found, steps } = nextSteps(surroundings);
  const typed = [...steps, ["--help", "every command"] as const].map(
    ([command, does]) => [printable(`${invocation()} ${command}`), does] as const,
  );
  const column = Math.max(...typed.map(([command]) => textWidth(command)));
  const fits = typed.every(([, does]) => 2 + column + 3 + does.length <= width);
  const lines = typed.flatMap(([command, does]) =>
    fits ? [`  ${padEndTo(command, column)}   ${does}`] : [`  ${command}`, wrapped(`      ${does}`, width, 6)],
  );
  const head = ["pushbench puts one publish workload through every push transport.", `Here: ${printable(found)}.`];
  return [...head.map((text) => wrapped(text, width, 2)), "", "Next:", ...lines, ""].join("\n");
}

/** As much of a file as tells that it is a suite. */
const HEAD_BYTES = 64 * 1024;

/** YAML files of a folder that have servers and scenarios, in natural order; what is wrong in them is not looked at. */
export async function findSuites(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const head = await headOf(`${folder}/${name}`).catch(() => "");
      return /^servers:/m.test(head) && /^scenarios:/m.test(head) ? [name] : [];
    }),
  );
  return found.flat().sort(new Intl.Collator("en", { numeric: true }).compare);
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
