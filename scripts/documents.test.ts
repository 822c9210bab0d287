/** What README.md and docs/ show: commands that there are, suites that are right, links that lead somewhere. docs/first-run.md and others are run whole. */
import { readdirSync, readFileSync } from "node:fs";
import { access, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveMeasurement, saveRecord } from "../load/results.ts";
import { fixtureRun } from "../reports/fixture.ts";
import { loadCommands } from "./commands.ts";
import { EXIT } from "./exit-code.ts";
import { pushbench } from "./pushbench-process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };

const read = (document: string): string => readFileSync(join(ROOT, document), "utf8");

/** Command lines of the shell blocks, without their remarks; a line that goes on is one. */
function shellLines(document: string): string[] {
  const blocks = [...read(document).matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)];
  return blocks.flatMap(([, block]) =>
    block!
      .replaceAll(/\\\n\s*/g, " ")
      .split("\n")
      .flatMap((line) => line.replace(/(?:^|\s)#.*$/, "").split(/\s*(?:&&|\|\||;|\|)\s*/))
      .filter((line) => line !== ""),
  );
}

/** Words as a shell has them, quotes taken off; nothing here needs more of it. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain!);
}

const pushbenchLines = DOCUMENTS.flatMap((document) =>
  shellLines(document).flatMap((line) => {
    const args = /^(?:npm run -s pushbench(?: --)?|npx pushbench|pushbench)(?:\s+(.*))?$/.exec(line);
    return args === null ? [] : [[document, args[1] ?? ""] as const];
  }),
);

describe("every command that a document shows", () => {
  test("there are many", () => expect(pushbenchLines.length).toBeGreaterThan(40));

  test.each(pushbenchLines)("%s: pushbench %s", async (_, args) => {
    const [name, ...rest] = words(args.replace(/\s>\s.*$/, ""));
    if (name === undefined || name.startsWith("-")) return;
    const command = (await loadCommands()).find((each) => each.name() === name);
    expect(command, `there is no command ${name}`).toBeDefined();
    await parsed(command!, rest);
  });

  const npmLines = DOCUMENTS.flatMap((document) =>
    shellLines(document).flatMap((line) => {
      const script = /^(?:\w+=\S+ )*npm (?:run(?: -s)? ([\w:-]+)|(test))/.exec(line);
      return script === null ? [] : [[document, script[1] ?? script[2]!] as const];
    }),
  );
  test.each(npmLines)("%s: npm run %s", (_, script) => expect(Object.keys(scripts)).toContain(script));
});

/** As the program would take it, but for doing it: throws what commander has against it. */
async function parsed(command: Command, args: readonly string[]): Promise<void> {
  const all = [command, ...command.commands];
  for (const each of all)
    each
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .action(() => {});
  await command.parseAsync([...args], { from: "user" });
}

describe("what reads saved results is run as it is shown", () => {
  const FOLDERS = ["base", "head", "folder", "another"];
  const RUN = new Set(["history", "report", "compare", "gate", "open", "list", "schema", "validate"]);
  /** Of a gate that saved figures do not pass or settle. */
  const CODES: Readonly<Record<string, readonly number[]>> = { gate: [EXIT.done, EXIT.gateFailed, EXIT.inconclusive] };
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "pushbench-documents-"));
    for (const [at, folder] of FOLDERS.entries()) {
      const { record, measurements } = fixtureRun({ trials: 3 });
      const directory = join(home, "results", folder);
      const environment = { ...record.environment, git: `${at}`.repeat(7), gitBranch: "main" };
      await saveRecord(directory, { ...record, environment, startedAt: `2026-01-0${at + 1}T03:04:05.000Z` });
      await writeFile(join(directory, "report.html"), "<!doctype html>\n");
      for (const measurement of measurements) await saveMeasurement(directory, measurement);
    }
    await copyFile(join(ROOT, "load/suites/quick.yaml"), join(home, "mine.yaml"));
    await copyFile(join(ROOT, "load/suites/quick.yaml"), join(home, "pushbench.yaml"));
    // As a shell has `results/*`.
    const imported = await pushbench(["history", "import", ...FOLDERS.map((folder) => `results/${folder}`)], home);
    if (imported.code !== 0) throw new Error(imported.stderr);
  }, 60_000);
  afterAll(() => rm(home, { recursive: true, force: true }));

  const lines = [...new Set(pushbenchLines.map(([, args]) => args))].filter((args) => {
    const [name, first = ""] = words(args);
    // Two versions that are to be measured are a matter of minutes, and `results/*` is for a shell to read.
    return RUN.has(name ?? "") && (name !== "gate" || first.startsWith("results/")) && !args.includes("*");
  });
  test("are many", () => expect(lines.length).toBeGreaterThan(15));

  // One after the other: one writes the baseline that another reads.
  test.each(lines)("pushbench %s", async (args) => {
    const typed = words(args.replaceAll(/<(\w+)>/g, "$1"));
    const { code, stderr, stdout } = await pushbench(typed, home, { DISPLAY: "", WAYLAND_DISPLAY: "" });
    expect(CODES[typed[0]!] ?? [EXIT.done], stderr).toContain(code);
    expect(stdout + stderr).not.toBe("");
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe("every link", () => {
  const links = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, target]) => [document, target!] as const),
  );
  test("there are many", () => expect(links.length).toBeGreaterThan(30));

  test.each(links)("of %s leads to %s", async (document, target) => {
    const [path, anchor] = target.split("#") as [string, string?];
    const file = join(dirname(document), path);
    await access(join(ROOT, file));
    if (anchor === undefined) return;
    const headings = [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
      text!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, "")
        .replaceAll(" ", "-"),
    );
    expect(headings).toContain(anchor);
  });
});
