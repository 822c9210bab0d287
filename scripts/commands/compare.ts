import { Command } from "commander";
import { UsageError } from "../../load/usage-error.ts";
import type { Comparison } from "../../reports/comparison.ts";
import { jsonDocument } from "../../reports/formats/escape.ts";
import type { Bands } from "../api/compare.ts";
import { bandOptions, bandsOf } from "../band-option.ts";
import { wantsColor } from "../color.ts";
import { examples } from "../examples.ts";
import { missingArgument } from "../missing-argument.ts";
import { option } from "../option.ts";
import { warn } from "../warn.ts";

interface Flags extends Bands {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly all?: boolean;
}

/** Columns of a pipe, which has no width of its own. */
const PIPE_WIDTH = 120;

/** `pushbench compare <base> <head>`: what changed between two saved runs, and how sure that is. */
export function compareCommand(): Command {
  const command = new Command("compare")
    .description("Compare two saved runs, and write the report of the second anew with what changed. It reports, and never fails a build.")
    .argument("[base]", "the folder of the run that is compared with, under results/")
    .argument("[head]", "the folder of the run that is compared")
    .addOption(option("--all", "every metric of every cell, not only the steady ones and what changed"))
    .addOption(option("--json", "print the comparison as one JSON document"))
    .addOption(option("--markdown", "print it as Markdown"));
  for (const each of bandOptions()) command.addOption(each);
  return command
    .addHelpText(
      "before",
      examples([
        ["compare results/<base> results/<head>", "what is worse, better, the same, or cannot be told"],
        ["compare results/<base> results/<head> --all", "of every metric"],
        ["compare results/<base> results/<head> --markdown", "for a comment"],
        ["compare results/<base> results/<head> --band 5%", "changes of up to 5 % are none"],
      ]),
    )
    .action((base: string | undefined, head: string | undefined, flags: Flags) => {
      if (base === undefined || head === undefined) {
        throw missingArgument(base === undefined ? "base" : "head", "two folders under results/", "compare results/<base> results/<head>");
      }
      if (flags.json === true && flags.markdown === true) throw new UsageError("--json and --markdown are two outputs: give one of them");
      return tellComparison(base, head, flags);
    });
}

async function tellComparison(base: string, head: string, flags: Flags): Promise<void> {
  const { report } = await import("../api/report.ts");
  const { comparison, files, warnings, remarks } = await report(head, { base, ...bandsOf(flags) });
  process.stdout.write(await outputOf(comparison!, flags));
  warn(...remarks, ...warnings);
  process.stderr.write(`report: ${files.at(-1)!}\n`);
}

async function outputOf(comparison: Comparison, { json = false, markdown = false, all = false }: Flags): Promise<string> {
  if (json) return jsonDocument(comparison);
  if (markdown) return (await import("../../reports/formats/comparison-markdown.ts")).formatComparisonMarkdown(comparison, all);
  const { formatComparison } = await import("../../reports/formats/comparison-terminal.ts");
  return formatComparison(comparison, { color: wantsColor(process.stdout), width: process.stdout.columns ?? PIPE_WIDTH, all });
}
