/** What a gate says, as JUnit XML: a suite a cell, a test case a check; what is inconclusive is skipped, what is invalid an error. */
import type { GateCheck, GateReport, GateVerdict } from "../gate-report.ts";
import { changeText, fullFinding, headline, shareText } from "../gate-text.ts";
import { printable } from "./escape.ts";

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly outcome: "pass" | "failure" | "error" | "skipped";
  readonly message: string;
  readonly output: readonly string[];
}

const OUTCOMES = { pass: "pass", fail: "failure", invalid: "error", inconclusive: "skipped" } as const satisfies Record<
  GateVerdict,
  TestCase["outcome"]
>;

/** As Jenkins, GitLab and most others read it; ends with a line end. */
export function formatJunit(report: GateReport): string {
  const cases = [...remarkCases(report), ...report.checks.map((check) => caseOf(check))];
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((name) => {
    const own = cases.filter(({ suite }) => suite === name);
    return [`  <testsuite name="${attribute(name)}" ${tally(own)}>`, ...own.map(caseXml), "  </testsuite>"].join("\n");
  });
  const name = attribute(`pushbench gate: ${report.suite}`);
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="${name}" ${totals(cases)}>`, ...suites, "</testsuites>", ""].join(
    "\n",
  );
}

/** What makes the gate as bad as it is and belongs to no check: without it a report could be green and the gate not. */
function remarkCases(report: GateReport): TestCase[] {
  const doubts = report.remarks.flatMap(({ verdict, text }) =>
    verdict === undefined ? [] : [{ suite: "gate", name: "the gate as a whole", outcome: OUTCOMES[verdict], message: text, output: [] }],
  );
  if (doubts.length > 0 || report.checks.length > 0) return doubts;
  return [{ suite: "gate", name: "the gate as a whole", outcome: OUTCOMES[report.verdict], message: headline(report), output: [] }];
}

function caseOf(check: GateCheck): TestCase {
  const { server, scenario, metric, verdict, advisory, evidence } = check;
  const bounds = evidence.kind === "ratio" ? [`δ ${shareText(evidence.delta)}, Δ ${shareText(evidence.limit)}`] : [];
  const wilcoxon =
    evidence.kind === "ratio" && evidence.pWilcoxon !== undefined
      ? [`Wilcoxon's signed ranks: p ${evidence.pWilcoxon.toPrecision(2)}`]
      : [];
  const again =
    evidence.kind === "ratio" && evidence.confirmation?.change !== undefined
      ? [`in the confirmation ${changeText(evidence.confirmation.change.estimate)}`]
      : [];
  return {
    suite: `${server} · ${scenario}`,
    name: metric,
    outcome: advisory === true ? "pass" : OUTCOMES[verdict],
    message: fullFinding(check),
    output: [fullFinding(check), ...bounds, ...wilcoxon, ...again],
  };
}

function caseXml({ suite, name, outcome, message, output }: TestCase): string {
  const lines =
    outcome === "pass"
      ? [`      <system-out>${content(output.join("\n"))}</system-out>`]
      : outcome === "skipped"
        ? [`      <skipped message="${attribute(message)}"/>`]
        : [
            `      <${outcome} message="${attribute(message)}" type="${outcome === "error" ? "invalid" : "regression"}">${content(output.join("\n"))}</${outcome}>`,
          ];
  return [`    <testcase classname="${attribute(suite)}" name="${attribute(name)}" time="0">`, ...lines, "    </testcase>"].join("\n");
}

/** The element around all suites has no place for what was skipped (the xunit plugin's junit-10.xsd). */
function totals(cases: readonly TestCase[]): string {
  return `tests="${cases.length}" failures="${countOf(cases, "failure")}" errors="${countOf(cases, "error")}" time="0"`;
}

function tally(cases: readonly TestCase[]): string {
  return `${totals(cases)} skipped="${countOf(cases, "skipped")}"`;
}

function countOf(cases: readonly TestCase[], outcome: TestCase["outcome"]): number {
  return cases.filter((each) => each.outcome === outcome).length;
}

/** Line ends of our own stay; what XML 1.0 has no character for is written out. */
function content(value: string): string {
  return value
    .split("\n")
    .map((line) => xml(line))
    .join("\n");
}

function attribute(value: string): string {
  return xml(value).replaceAll('"', "&quot;");
}

function xml(value: string): string {
  return printable(value)
    .replaceAll(NO_CHARACTER, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** Halves of a pair alone, and the two code points beyond the last character (XML 1.0, Char). */
const NO_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;
