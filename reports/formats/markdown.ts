/** A summary as Markdown: `summary.md`. */
import type { CapacityRecord } from "../../load/capacity-record.ts";
import { answerText, sloText } from "../capacity.ts";
import { cellsOf, climbsOf, stopText, subscribersOf } from "../climb.ts";
import type { Climb } from "../climb.ts";
import { CLIMB_COLUMNS, LATENCY_COLUMN } from "../climb-column.ts";
import { fillColumns } from "../column.ts";
import type { Column, ColumnValue } from "../column.ts";
import { factorText, figureText, plainNumber } from "../figure-text.ts";
import { isClosedLoop } from "../summary.ts";
import type { Cell, Summary } from "../summary.ts";
import { phaseFindings } from "../phase-findings.ts";
import { phaseTable } from "../phase-table.ts";
import { VERDICT_WORDS } from "../textbook.ts";
import type { ClaimResult } from "../textbook/claim.ts";
import { thresholdText } from "../threshold.ts";
import { intervalNote, judge, scenariosBeside } from "../verdict.ts";
import { markdownText } from "./escape.ts";
import { markdownTable } from "./markdown-table.ts";

/** Ends with a line end. */
export function formatMarkdown(summary: Summary, capacity?: CapacityRecord): string {
  const { answers, doubts, notices } = judge(summary);
  const blocks = [`# pushbench: ${markdownText(summary.suite)}`];
  if (capacity !== undefined) blocks.push(...capacityBlocks(capacity));
  if (notices.length > 0) blocks.push(notices.map((notice) => `> ⚠ ${markdownText(notice)}`).join("\n>\n"));
  if (doubts.length > 0) {
    const items = doubts.map(({ severity, server, scenario, message, advice }) => {
      const mark = severity === "invalid" ? "✗ invalid" : "! warning";
      return `- ${mark}: **${markdownText(server)}**, ${markdownText(scenario)}: ${markdownText(message)} (${markdownText(advice)})`;
    });
    blocks.push("## Can it be believed", items.join("\n"));
  }
  const climbs = climbsOf(summary);
  const begin = (scenario: string): void => {
    const text = answers.find((answer) => answer.scenario === scenario)!.text;
    blocks.push(`## ${markdownText(scenario)}`, `${markdownText(text)}.`);
  };
  for (const climb of climbs) {
    begin(climb.scenario);
    blocks.push(climbTable(climb), ...stops(climb), ...thresholdTable(cellsOf(climb), cellName));
  }
  for (const { scenario, cells } of scenariosBeside(climbs, summary)) {
    begin(scenario);
    blocks.push(figuresTable(cells));
    const phases = phasesTable(cells);
    if (phases !== undefined) blocks.push(phases, ...phaseFindings(cells).map(markdownText));
    blocks.push(...thresholdTable(cells, ({ server }) => server));
  }
  if (summary.textbook !== undefined) blocks.push("## What textbooks say", textbookTable(summary.textbook));
  blocks.push(intervalNote(summary));
  return `${blocks.join("\n\n")}\n`;
}

/** What the search asked, and a row a server. */
function capacityBlocks({ question, servers }: CapacityRecord): string[] {
  const asked = `Capacity in ${question.vary} of ${markdownText(question.scenario.name)}, while ${markdownText(sloText(question.slo))}.`;
  return [
    asked,
    markdownTable(
      ["server", "capacity"],
      servers.map((server) => [markdownText(server.server), markdownText(answerText(question, server))]),
    ),
  ];
}

function textbookTable(claims: readonly ClaimResult[]): string {
  return markdownTable(
    ["claim", "measured", "holds?"],
    claims.map(({ claim, measured, verdict }) => [markdownText(claim), markdownText(measured), VERDICT_WORDS[verdict]]),
    "words",
  );
}

function figuresTable(cells: readonly Cell[]): string {
  const columns = fillColumns(cells);
  const header = columns.map(({ column, header: name }) => markdownText(column.unit === "" ? name : `${name}, ${column.unit}`));
  const rows = cells.map((cell, row) => [
    markdownText(cell.server) + (isClosedLoop(cell) ? " (closed loop)" : "") + (cell.validity.valid ? "" : " ✗"),
    ...columns.map(({ column, values }) => valueText(values[row], column.divisor)),
  ]);
  return markdownTable(["server", ...header], rows);
}

function climbTable(climb: Climb): string {
  const cells = cellsOf(climb);
  const columns = fillColumns(cells, CLIMB_COLUMNS);
  const header = columns.map(({ column, header: name }) => markdownText(column.unit === "" ? name : `${name}, ${column.unit}`));
  const rows = cells.map((cell, row) => [
    markdownText(cell.server),
    plainNumber(subscribersOf(cell)) + (cell.validity.valid ? "" : " ✗"),
    ...columns.map(({ column, values }) => climbValue(values[row], column, cell)),
  ]);
  return markdownTable(["server", "connections", ...header], rows);
}

function climbValue(value: ColumnValue | undefined, { key, divisor }: Column, { deliveryLatencySource }: Cell): string {
  if (value === undefined) return "–";
  const ofAll = key === LATENCY_COLUMN && deliveryLatencySource["p99"] === "population";
  return figureText(value.summary, divisor).value + (ofAll ? " (of all)" : "");
}

/** What ended each server's climb, as one block; none where nothing did. */
function stops({ servers }: Climb): string[] {
  const items = servers.flatMap(({ server, stop }) =>
    stop === undefined ? [] : [`- **${markdownText(server)}** ${markdownText(stopText(stop))}`],
  );
  return items.length === 0 ? [] : [items.join("\n")];
}

function cellName(cell: Cell): string {
  return `${cell.server} at ${plainNumber(subscribersOf(cell))}`;
}

function valueText(value: ColumnValue | undefined, divisor: number): string {
  if (value === undefined) return "–";
  const { value: text, low, high } = figureText(value.summary, divisor);
  const interval = low === undefined || low === high ? "" : ` [${low}–${high}]`;
  const factor = value.factor === undefined ? "" : factorText(value.factor);
  return `${text}${interval} ${factor}`.trimEnd();
}

function phasesTable(cells: readonly Cell[]): string | undefined {
  const phases = phaseTable(cells);
  if (phases === undefined) return undefined;
  const header = phases.columns.map(({ header: name, unit }) => markdownText(unit === "" ? name : `${name}, ${unit}`));
  const rows = phases.rows.map(({ server, phase, rate, values }) => [markdownText(`${server}: ${phase}`), rate, ...values]);
  return markdownTable(["phase", "rate, 1/s", ...header], rows);
}

/** As one block; none where no threshold was set. */
function thresholdTable(cells: readonly Cell[], nameOf: (cell: Cell) => string): string[] {
  const mark = { pass: "✓ pass", fail: "✗ fail", "no-data": "✗ no data", invalid: "~ invalid" };
  const rows = cells.flatMap((cell) =>
    cell.thresholds.map((result) => [markdownText(nameOf(cell)), markdownText(thresholdText(result)), result.level, mark[result.verdict]]),
  );
  return rows.length === 0 ? [] : [markdownTable(["server", "threshold", "level", "verdict"], rows)];
}
