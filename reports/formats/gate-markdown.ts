/** What a gate says, as a comment on a pull request or a step's summary: the answer first, all figures folded away. */
import { counted, plainNumber } from "../figure-text.ts";
import { VERDICTS, worstFirst } from "../gate-report.ts";
import type { GateCheck, GateReport } from "../gate-report.ts";
import { fullFinding, headline, intervalText, shareText, VERDICT_MARKS } from "../gate-text.ts";
import { markdownText } from "./escape.ts";
import { markdownTable } from "./markdown-table.ts";
import { cutTo } from "./text-width.ts";

/** By which a comment that is already there is found again, to be replaced. */
export const COMMENT_MARKER = "<!-- pushbench:gate -->";

/** Characters that GitHub takes of a comment, in UTF-16 units; their bytes are no more than three times as many. */
export const COMMENT_LIMIT = 65_536;

/** Findings longer than any reader's patience: a server may fail with all of its log. */
const LONGEST_FINDING = 600;

/** A suite allows 64 characters, and a matrix adds its fields. */
const LONGEST_NAME = 160;

/** Ends with a line end; what does not fit into `limit` characters is left out, the best first, and that is said. */
export function formatGateMarkdown(report: GateReport, limit = COMMENT_LIMIT): string {
  const { verdict, remarks, checks } = report;
  const said = fitting(
    remarks.map(({ text }) => `> ⚠ ${markdownText(clipped(text))}`),
    limit / 4,
  );
  const unsaid = remarks.length - said.length;
  const head = [
    COMMENT_MARKER,
    `## ${VERDICT_MARKS[verdict]} ${verdict}: pushbench gate of ${markdownText(clipped(report.suite))}`,
    `${markdownText(clipped(headline(report)))}.`,
    ...(said.length === 0 ? [] : [said.join("\n>\n")]),
    ...(unsaid === 0 ? [] : [`> ⚠ and ${counted(unsaid, "remark")} more`]),
  ];
  const sorted = worstFirst(checks);
  const told = sorted.filter(isTold);
  const foot = legend(report);
  const room = limit - length([...head, foot]) - LEFT_OUT_ROOM;
  const findings = fitting(told.map(findingLine), room);
  const rest = room - length(findings);
  const rows = fitting(sorted.map(figureRow), rest - TABLE_ROOM);
  const leftOut = told.length - findings.length + (sorted.length - rows.length);
  return `${[
    ...head,
    ...(findings.length === 0 ? [] : [findings.join("\n")]),
    ...(rows.length === 0 ? [] : [details(checks, rows)]),
    ...(leftOut === 0 ? [] : [`${counted(leftOut, "line")} left out, for a comment holds no more; the report folder has them.`]),
    foot,
  ].join("\n\n")}\n`;
}

/** What the table's header, its fold and the sentence of what is left out take at most. */
const TABLE_ROOM = 400;
const LEFT_OUT_ROOM = 200;

function isTold({ verdict, accepted }: GateCheck): boolean {
  return verdict !== "pass" || accepted !== undefined;
}

function findingLine(check: GateCheck): string {
  const { server, scenario, metric, advisory, accepted, verdict } = check;
  const mark = advisory === true ? "! warning" : accepted === undefined ? `${VERDICT_MARKS[verdict]} ${verdict}` : "✓ accepted";
  return `- ${mark}: **${nameText(server)}**, ${nameText(scenario)}, ${nameText(metric)}: ${markdownText(clipped(fullFinding(check)))}`;
}

/** One row, its cells escaped. */
function figureRow({ server, scenario, metric, unit, verdict, evidence }: GateCheck): readonly string[] {
  const row = (base: string, head: string, change: string): string[] => [
    `${VERDICT_MARKS[verdict]} ${verdict}`,
    nameText(server),
    nameText(scenario),
    nameText(unit === "" ? metric : `${metric}, ${unit}`),
    base,
    head,
    change,
  ];
  const number = (value: number | undefined): string => (value === undefined ? "–" : plainNumber(value));
  switch (evidence.kind) {
    case "ratio":
      return row(
        number(evidence.base),
        number(evidence.head),
        evidence.change === undefined ? "–" : markdownText(intervalText(evidence.change)),
      );
    case "count":
      return row(number(evidence.base), number(evidence.head), "–");
    case "rounds":
      return row(`${evidence.failed.base} failed`, `${evidence.failed.head} failed`, "–");
    case "threshold":
      return row("–", evidence.result.values.map((value) => plainNumber(value)).join(", ") || "–", "–");
  }
}

function details(checks: readonly GateCheck[], rows: readonly (readonly string[])[]): string {
  const numbers = VERDICTS.flatMap((verdict) => {
    const count = checks.filter((check) => check.verdict === verdict).length;
    return count === 0 ? [] : [`${plainNumber(count)} ${verdict}`];
  });
  return [
    `<details><summary>${counted(checks.length, "check")}: ${numbers.join(", ")}</summary>`,
    markdownTable(["verdict", "server", "scenario", "metric", "base", "head", "change"], rows),
    "</details>",
  ].join("\n\n");
}

function legend({ kind, question }: GateReport): string {
  const bounds = "Changes come with their one-sided 95 % bounds.";
  const rule =
    question === undefined
      ? ""
      : `Fails where a change is surely worse by more than ${shareText(question.delta)} (latencies ${shareText(question.latencyDelta)}), passes where it is surely worse by less than ${shareText(question.limit)} (${shareText(question.latencyLimit)}); the rest is inconclusive, which is no pass. `;
  return kind === "threshold" ? "Every threshold has to hold in every trial." : rule + bounds;
}

function nameText(name: string): string {
  return markdownText(cutTo(name, LONGEST_NAME));
}

function clipped(text: string): string {
  return cutTo(text, LONGEST_FINDING);
}

/** As many of the first as fit into so many characters. */
function fitting<T extends string | readonly string[]>(items: readonly T[], room: number): T[] {
  let taken = 0;
  const end = items.findIndex((item) => {
    taken += typeof item === "string" ? item.length + 1 : item.reduce((sum, cell) => sum + cell.length + 3, 2);
    return taken > room;
  });
  return items.slice(0, end === -1 ? items.length : end);
}

function length(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => sum + block.length + 2, 0);
}
