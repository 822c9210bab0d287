/** Two runs side by side as Markdown: `compare --markdown`. */
import { changeText, intervalText, trialsText, sideText, verdictText } from "../change-text.ts";
import type { Comparison } from "../comparison.ts";
import { comparisonFinding, differenceTexts, DRIFT_NOTE, ruleNote, runText } from "../comparison-finding.ts";
import { counted } from "../figure-text.ts";
import { markdownText } from "./escape.ts";
import { markdownTable } from "./markdown-table.ts";
import { cellLabel, hiddenCount, metricNote, noneText, shownChanges } from "../shown-changes.ts";
import type { MetricChanges } from "../shown-changes.ts";

/** Ends with a line end; `all` metrics of every cell, or the headline metrics and whatever is worse or better. */
export function formatComparisonMarkdown(comparison: Comparison, all: boolean): string {
  const { base, head, cells } = comparison;
  const differences = differenceTexts(comparison);
  const hidden = all ? 0 : hiddenCount(comparison);
  const blocks = [
    `# pushbench: ${markdownText(head.suite)}, two runs compared`,
    [
      `- base: ${markdownText(`${base.directory} (${runText(base)})`)}`,
      `- head: ${markdownText(`${head.directory} (${runText(head)})`)}`,
    ].join("\n"),
    ...(differences.length === 0 ? [] : [differences.map((text) => `> ⚠ ${markdownText(text)}`).join("\n>\n")]),
    `**${markdownText(comparisonFinding(comparison))}.**`,
    ...shownChanges(comparison, all).flatMap((group) => groupBlocks(group, comparison)),
    ...(hidden > 0 ? [`${counted(hidden, "comparison")} of further metrics, none better or worse.`] : []),
    ...(cells.length > 0 ? [markdownText(ruleNote(comparison))] : []),
    `> ⚠ ${markdownText(DRIFT_NOTE)}`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

function groupBlocks(group: MetricChanges, { cells }: Comparison): string[] {
  const none = group.none > 0 ? [`${markdownText(noneText(group))}.`] : [];
  if (group.rows.length === 0) return none;
  const unit = group.unit === "" ? "" : `, ${group.unit}`;
  const rows = group.rows.map(({ cell, change }) => [
    cellLabel(cell, cells),
    sideText(change.base),
    sideText(change.head),
    changeText(change),
    intervalText(change),
    verdictText(change),
    trialsText(change),
    change.reason ?? "",
  ]);
  return [
    `## ${markdownText(`${group.metric}${unit}`)}`,
    `${markdownText(metricNote(group))}.`,
    markdownTable(
      ["cell", "base", "head", "change", "95 % interval", "verdict", "trials a side that would tell", "why not"],
      rows.map((row) => row.map(markdownText)),
    ),
    ...none,
  ];
}
