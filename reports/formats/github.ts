/** What a gate says to GitHub Actions: annotations on the run, and the summary of a step. */
import { worstFirst } from "../gate-report.ts";
import type { GateCheck, GateReport } from "../gate-report.ts";
import { checkName, fullFinding, headline } from "../gate-text.ts";
import { printable } from "./escape.ts";
import { formatGateMarkdown } from "./gate-markdown.ts";

/** GitHub shows ten of a kind and step at most, and drops the others without a word. */
const MOST_ANNOTATIONS = 10;

/** GitHub takes 1 MiB of a step's summary and refuses what is longer. */
const SUMMARY_BYTES = 900 * 1024;

/** A character of Markdown has three bytes of UTF-8 at most. */
const BYTES_A_CHARACTER = 3;

/**
 * Workflow commands, a line each, worst first; the last stands for all that follow where they are more than ten. Empty where there is
 * nothing to say.
 */
export function githubAnnotations(report: GateReport): string {
  const commands = [
    ...report.remarks.flatMap(({ verdict, text }) => (verdict === undefined ? [] : [command("error", "pushbench gate", text)])),
    ...worstFirst(report.checks)
      .filter(({ verdict }) => verdict !== "pass")
      .map((check) => command(levelOf(check), checkName(check), `${check.verdict}: ${fullFinding(check)}`)),
    ...report.remarks.flatMap(({ verdict, text }) => (verdict === undefined ? [command("notice", "pushbench gate", text)] : [])),
  ];
  const shown =
    commands.length <= MOST_ANNOTATIONS
      ? commands
      : [
          ...commands.slice(0, MOST_ANNOTATIONS - 1),
          command(
            "warning",
            "pushbench gate",
            `${commands.length - MOST_ANNOTATIONS + 1} more are in the step's summary; ${headline(report)}`,
          ),
        ];
  return shown.map((line) => `${line}\n`).join("");
}

/** Markdown for the file that `GITHUB_STEP_SUMMARY` names, of 900 KiB at most. */
export function githubSummary(report: GateReport): string {
  return formatGateMarkdown(report, Math.floor(SUMMARY_BYTES / BYTES_A_CHARACTER));
}

function levelOf({ verdict, advisory }: GateCheck): "error" | "warning" {
  return advisory === true || verdict === "inconclusive" ? "warning" : "error";
}

/** As the runner's toolkit escapes them; control characters are written out before, so that no name can begin a line of its own. */
function command(level: "error" | "warning" | "notice", title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

function data(value: string): string {
  return printable(value).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(value: string): string {
  return data(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
