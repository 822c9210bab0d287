import { Command } from "commander";
import { SuiteError } from "../../load/suite-error.ts";
import { readSuite } from "../../load/suite-file.ts";
import type { Suite } from "../../load/suite.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { paintFor } from "../color.ts";
import { examples } from "../examples.ts";
import { EXIT } from "../exit-code.ts";
import { option } from "../option.ts";

interface Options {
  readonly json?: boolean;
}

/** `pushbench validate <suite>`: one line when it is right, all problems at once when it is not. */
export function validateCommand(): Command {
  return new Command("validate")
    .description("Check a suite without running it.")
    .argument("<suite>", "name of a built-in suite, or path of a YAML file")
    .addOption(option("--json", "print one JSON document"))
    .addHelpText("before", examples([["pushbench validate my.yaml", "say OK, or show every problem with line and column"]]))
    .action(async (name: string, { json = false }: Options) => {
      try {
        const suite = await readSuite(name, await loadCatalog());
        process.stdout.write(json ? `${JSON.stringify({ valid: true, suite }, null, 2)}\n` : `${okLine(suite)}\n`);
      } catch (error) {
        if (!json || !(error instanceof SuiteError)) throw error;
        process.stdout.write(`${JSON.stringify({ valid: false, file: error.file, problems: error.problems }, null, 2)}\n`);
        process.exitCode = EXIT.usage;
      }
    });
}

function okLine({ file, servers, scenarios, trials }: Suite): string {
  const cells = servers.length * scenarios.length;
  const sizes = [counted(servers.length, "server"), counted(scenarios.length, "scenario"), counted(cells * trials, "trial")];
  return `${paintFor(process.stdout).green("OK")} ${file}: ${sizes.join(", ")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
