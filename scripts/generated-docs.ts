/** The parts of docs/ that follow from the program: fields of a suite, metrics, commands. `npm run docs` writes them. */
import { Command } from "commander";
import { METRICS, PERCENTILES } from "../load/metric.ts";
import type { Metric } from "../load/metric.ts";
import { workloadFields } from "../load/workload-fields.ts";
import { HELP } from "./help.ts";
import { markdownTable } from "./markdown-table.ts";

/** As wide as what a page of documents shows without scrolling. */
const HELP_COLUMNS = 100;

/** A document, and what stands in it between `<!-- generated: npm run docs -->` and `<!-- end -->`. */
export interface GeneratedDocument {
  /** In docs/. */
  readonly file: string;
  readonly text: string;
}

export function generatedDocuments(commands: readonly Command[]): GeneratedDocument[] {
  return [
    { file: "suites.md", text: fieldTable() },
    { file: "metrics.md", text: metricTable() },
    { file: "commands.md", text: commands.map(helpOf).join("\n\n") },
  ];
}

/** `document` with its generated part anew. Throws where it has no place for one. */
export function withGenerated(document: string, text: string): string {
  const place = /(<!-- generated: npm run docs -->\n)[\s\S]*?(\n<!-- end -->)/;
  if (!place.test(document)) throw new Error("no place between <!-- generated: npm run docs --> and <!-- end -->");
  return document.replace(place, (_, start: string, end: string) => `${start}\n${text}\n${end}`);
}

function fieldTable(): string {
  return markdownTable(
    ["field", "unless said", "is"],
    workloadFields().map(({ name, default: said, description }) => [
      `\`${name}\``,
      said === undefined ? "" : `\`${said}\``,
      cell(description),
    ]),
  );
}

/** A latency is one row for its percentiles. */
function metricTable(): string {
  const names = new Set<string>();
  const rows = [...METRICS.values()].flatMap((metric) => {
    const [name, label] = withoutPercentile(metric);
    if (names.has(name)) return [];
    names.add(name);
    return [[`\`${name}\``, metric.unit, metric.better === "none" ? "" : metric.better, cell(label)]];
  });
  return markdownTable(["metric", "unit", "better", "is"], rows);
}

function withoutPercentile({ name, label }: Metric): [name: string, label: string] {
  const dot = name.lastIndexOf(".");
  const percentile = name.slice(dot + 1);
  if (dot < 0 || !Object.hasOwn(PERCENTILES, percentile)) return [name, label];
  return [name.slice(0, dot), label.replace(`${percentile}, `, "")];
}

function helpOf(command: Command): string {
  let text = "";
  // It calls itself by the names of those above it.
  new Command("pushbench").addCommand(command);
  command
    .configureHelp(HELP)
    .configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => HELP_COLUMNS, getOutHasColors: () => false })
    .outputHelp();
  return `## ${command.name()}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

function cell(text: string): string {
  return text.replaceAll("|", String.raw`\|`);
}
