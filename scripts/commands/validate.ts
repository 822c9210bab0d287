import { Command } from "commander";
import { outlookOf } from "../../load/outlook.ts";
import { planTrials } from "../../load/plan.ts";
import type { Plan } from "../../load/plan.ts";
import { SuiteError } from "../../load/suite-error.ts";
import { readSuite } from "../../load/suite-file.ts";
import { expectedTrialMs, mayBeExtended } from "../../load/suite-time.ts";
import type { Suite } from "../../load/suite.ts";
import { UsageError } from "../../load/usage-error.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { jsonDocument } from "../../reports/formats/escape.ts";
import { paintFor } from "../color.ts";
import { examples } from "../examples.ts";
import { EXIT } from "../exit-code.ts";
import { outlookLines } from "../progress/lines.ts";
import { missingSuite } from "../missing-argument.ts";
import { option } from "../option.ts";

interface Options {
  readonly json?: boolean;
}

/** `pushbench validate <suite>`: one line when it is right, all problems at once when it is not. */
export function validateCommand(): Command {
  return new Command("validate")
    .description("Check a suite without running it.")
    .usage("[options] <suite>")
    .argument("[suite]", "name of a built-in suite, or path of a YAML, TypeScript or JavaScript file")
    .addOption(option("--json", "print one JSON document"))
    .addHelpText("before", examples([["validate my.yaml", "say OK and how long it takes, or show every problem with line and column"]]))
    .action(async (name: string | undefined, { json = false }: Options) => {
      try {
        if (name === undefined) throw await missingSuite("validate");
        const catalog = await loadCatalog();
        const suite = await readSuite(name, catalog);
        const plan = planTrials(suite, catalog);
        const outlook = outlookOf(plan.trials);
        process.stdout.write(
          json ? document({ valid: true, suite, outlook }) : `${[okLine(suite, plan), ...outlookLines(outlook)].join("\n")}\n`,
        );
      } catch (error) {
        if (!json || !(error instanceof UsageError)) throw error;
        const wrong = error instanceof SuiteError ? error : { file: name, problems: [{ message: error.message }] };
        process.stdout.write(document({ valid: false, file: wrong.file, problems: wrong.problems }));
        process.exitCode = EXIT.usage;
      }
    });
}

function document(content: object): string {
  return jsonDocument({ schemaVersion: 1, ...content });
}

/** What the suite comes to on this machine, where not every server may run. */
function okLine({ file, servers, scenarios }: Suite, { trials, unavailable }: Plan): string {
  const missing = unavailable.length === 0 ? "" : ` (${unavailable.length} unavailable here)`;
  const sizes = [counted(servers.length, "server") + missing, counted(scenarios.length, "scenario"), counted(trials.length, "trial")];
  const tookMs = trials.reduce((sum, { scenario }) => sum + expectedTrialMs(scenario), 0);
  const longer = scenarios.some(mayBeExtended) ? ", longer where a server is not steady and its warm-up is extended" : "";
  return `${paintFor(process.stdout).green("OK")} ${file}: ${sizes.join(", ")}, about ${roughly(tookMs)}${longer}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time as one says it: `40 seconds`, `7 minutes`, `3.5 hours`. */
function roughly(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1.5) return counted(Math.ceil(ms / 1000), "second");
  return minutes < 90 ? counted(Math.round(minutes), "minute") : counted(Math.round(minutes / 6) / 10, "hour");
}
