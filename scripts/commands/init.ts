import { readFile, rm, stat } from "node:fs/promises";
import { Command } from "commander";
import { nearest } from "../../load/nearest.ts";
import { createFile } from "../../load/save.ts";
import { UsageError } from "../../load/usage-error.ts";
import { jsonDocument, printable } from "../../reports/formats/escape.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import type { CatalogEntry } from "../../servers/catalog.ts";
import { examples } from "../examples.ts";
import { EXIT } from "../exit-code.ts";
import { CI_FILES, CI_SYSTEMS, ciFile } from "../init/ci.ts";
import { isName, NAME_EXPECTED } from "../init/name.ts";
import type { Answers } from "../init/questions.ts";
import { starterSuite, SUITE_FILE } from "../init/suite.ts";
import { invocation } from "../invocation.ts";
import { namesOption, option } from "../option.ts";

interface Flags {
  readonly server?: readonly string[];
  readonly ci?: Answers["ci"];
  readonly json?: boolean;
}

const DEFAULTS: Answers = { name: "mine", servers: ["sse-node", "websocket-ws"], ci: "none" };

/** `pushbench init [name]`: a suite to begin with and a CI job; asks on a terminal where nothing was said. */
export function initCommand(): Command {
  return new Command("init")
    .description(`Write a small suite, ${SUITE_FILE}, and a CI job for it. Nothing that is there is ever overwritten.`)
    .argument("[name]", `name of the suite (default: ${DEFAULTS.name}; on a terminal it is asked for)`)
    .addOption(namesOption("--server <names...>", `servers to load (default: ${DEFAULTS.servers.join(", ")})`))
    .addOption(option("--ci <system>", "write a job for it too (default: none)").choices([...CI_SYSTEMS, "none"]))
    .addOption(option("--json", "print one JSON document, and ask nothing"))
    .addHelpText(
      "before",
      examples([
        ["init", "asks for all it needs"],
        ["init chat --server sse-node", "a suite of that name, with that server"],
        ["init chat --ci github", `with ${CI_FILES.github}`],
      ]),
    )
    .action(init);
}

async function init(name: string | undefined, flags: Flags): Promise<void> {
  if (name !== undefined && !isName(name)) throw new UsageError(`a suite cannot be called ${JSON.stringify(name)}: ${NAME_EXPECTED}`);
  const catalog = await loadCatalog();
  for (const server of flags.server ?? []) mustBeKnown(server, catalog);
  // Before anything is asked, for that would be in vain.
  await mustBeFree([SUITE_FILE, ...(flags.ci === undefined || flags.ci === "none" ? [] : [CI_FILES[flags.ci]])]);
  const given: Answers = { name: name ?? DEFAULTS.name, servers: flags.server ?? DEFAULTS.servers, ci: flags.ci ?? DEFAULTS.ci };
  const isSilent = name !== undefined || flags.server !== undefined || flags.ci !== undefined || flags.json === true;
  const answers = isSilent || !process.stdin.isTTY || !process.stdout.isTTY ? given : await ask(given, catalog);
  if (answers === undefined) {
    process.exitCode = EXIT.interrupted;
    return;
  }
  const files = await filesOf(answers);
  await mustBeFree([...files.keys()]);
  await writeAll(files);
  tell([...files.keys()], flags.json === true);
}

/** Loaded where it is needed: no other command asks. */
async function ask(given: Answers, catalog: readonly CatalogEntry[]): Promise<Answers | undefined> {
  const { askForAnswers } = await import("../init/questions.ts");
  return askForAnswers(given, catalog);
}

async function filesOf({ name, servers, ci }: Answers): Promise<Map<string, string>> {
  const files = new Map([[SUITE_FILE, starterSuite(name, servers, invocation())]]);
  if (ci !== "none") files.set(CI_FILES[ci], ciFile(ci, { isClone: await isClone() }));
  return files;
}

/** A folder whose package is pushbench itself. */
async function isClone(): Promise<boolean> {
  const text = await readFile("package.json", "utf8").catch(() => "{}");
  try {
    return (JSON.parse(text) as { name?: unknown } | null)?.name === "pushbench";
  } catch {
    return false;
  }
}

function mustBeKnown(server: string, catalog: readonly CatalogEntry[]): void {
  const names = catalog.map((entry) => entry.name);
  if (names.includes(server)) return;
  const near = nearest(server, names);
  throw new UsageError(
    `unknown server ${JSON.stringify(server)}: expected some of ${names.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}

async function mustBeFree(paths: readonly string[]): Promise<void> {
  const found = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  const taken = found.flat();
  if (taken.length > 0) throw inTheWay(taken);
}

function inTheWay(taken: readonly string[]): UsageError {
  const ci = taken.find((path) => path !== SUITE_FILE);
  const byHand = ci === undefined ? "" : ", or add the job of docs/ci.md to it by hand";
  const [are, them] = taken.length === 1 ? ["is", "it"] : ["are", "them"];
  return new UsageError(
    `${taken.join(" and ")} ${are} here already, and nothing was written: move ${them} away${byHand}, or go to another folder`,
  );
}

/** All of them, or none: what was written is taken away where another cannot be. */
async function writeAll(files: ReadonlyMap<string, string>): Promise<void> {
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      if (!(await createFile(path, text))) throw inTheWay([path]);
      written.push(path);
    }
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
}

function tell(paths: readonly string[], json: boolean): void {
  const next = `${invocation()} run ./${SUITE_FILE}`;
  if (json) {
    process.stdout.write(jsonDocument({ schemaVersion: 1, written: paths, next }));
    return;
  }
  process.stdout.write(`${paths.map((path) => `wrote ${printable(path)}\n`).join("")}next  ${next}\n`);
}
