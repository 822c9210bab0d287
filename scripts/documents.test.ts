/** What README.md and docs/ show: commands that there are, suites that are right, links that lead somewhere. docs/first-run.md and others are run whole. */
import { readdirSync, readFileSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { loadCommands } from "./commands.ts";

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
