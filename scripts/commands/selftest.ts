import { Command } from "commander";
import { selftest } from "../../load/selftest.ts";
import type { Row } from "../../load/selftest.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { jsonDocument } from "../../reports/formats/escape.ts";
import { visibleWidth } from "../../reports/formats/wrap.ts";
import { paintFor } from "../color.ts";
import type { Paint } from "../color.ts";
import { closing, examples } from "../examples.ts";
import { EXIT } from "../exit-code.ts";
import { listenForInterruption } from "../interruption.ts";
import { option } from "../option.ts";
import { stacked } from "../rows.ts";

interface Options {
  readonly full?: boolean;
  readonly json?: boolean;
}

/** `pushbench selftest`: what was done wrong on purpose beside what the report says of it. Exits 3 where a figure was wrong. */
export function selftestCommand(): Command {
  return new Command("selftest")
    .description("Load servers that are wrong in known ways, and show whether the figures say so.")
    .addOption(option("--full", "every server and every fault, in about half an hour"))
    .addOption(option("--json", "print the rows as one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["selftest", "a server of each kind, in under two minutes"],
        ["selftest --full", "all of them"],
      ]),
    )
    .addHelpText(
      "after",
      closing("Ends with 0 where every row holds, 3 where a figure was wrong, 4 where the machine was too noisy to say."),
    )
    .action(async ({ full = false, json = false }: Options) => {
      const paint = paintFor(process.stdout);
      const interruption = listenForInterruption((signal) =>
        process.stderr.write(`${signal}: stopping the load; once more to exit at once\n`),
      );
      let head = "";
      const show = (row: Row): void => {
        const next = `${row.server}: ${row.fault}`;
        if (next !== head) process.stdout.write(`${paint.bold(next)}\n`);
        head = next;
        process.stdout.write(`${formatRow(row, paint, process.stdout.columns || Infinity)}\n`);
      };
      try {
        const rows = await selftest({ catalog: await loadCatalog(), full, signal: interruption.signal, onRow: json ? () => {} : show });
        process.stdout.write(json ? jsonDocument({ schemaVersion: 1, rows }) : `\n${verdictOf(rows)}\n`);
        process.exitCode = interruption.exitCode() ?? exitCodeOf(rows);
      } finally {
        interruption.dispose();
      }
    });
}

const MARKS = { holds: "✓ holds  ", fails: "✗ fails  ", invalid: "~ invalid" } as const;

/** One figure: what was injected, what was reported, how far apart they lie and may lie; in several lines where one is too wide. */
export function formatRow({ metric, unit, injected, reported, allowed, verdict, note }: Row, paint: Paint, width = Infinity): string {
  const color = { holds: paint.green, fails: paint.red, invalid: paint.yellow }[verdict];
  const sizes =
    typeof injected === "number" && typeof reported === "number"
      ? `error ${text(reported - injected)}${allowed === undefined ? "" : `, ${allowed === 0 ? "none" : text(allowed)} allowed`}`
      : "";
  const cells = [
    color(MARKS[verdict]),
    (unit === "" ? metric : `${metric}, ${unit}`).padEnd(44),
    `injected ${text(injected)}`.padEnd(30),
    `reported ${text(reported ?? "nothing")}`.padEnd(30),
    [sizes, note ?? ""].filter((part) => part !== "").join("; "),
  ];
  const row = `  ${cells.join(" ").trimEnd()}`;
  if (visibleWidth(row) <= width) return row;
  const [mark, name, ...figures] = cells.map((cell) => cell.trimEnd());
  return stacked([`${mark} ${name}`, figures.filter((cell) => cell !== "").join(", ")], width).join("\n");
}

/** Four digits say more than any bound here. */
function text(value: number | string): string {
  return typeof value === "string" ? value : String(Number(value.toPrecision(4)));
}

function verdictOf(rows: readonly Row[]): string {
  const count = (verdict: Row["verdict"]): number => rows.filter((row) => row.verdict === verdict).length;
  const [holds, fails, invalid] = [count("holds"), count("fails"), count("invalid")];
  if (fails > 0) return `${fails} of ${rows.length} figures are wrong: do not believe what this machine measures.`;
  if (invalid > 0) return `No figure was wrong; ${invalid} of ${rows.length} could not be judged, for the machine was too noisy.`;
  return `${holds} of ${rows.length} figures are right.`;
}

/** See REPORT: 0 all rows hold, 3 a figure was wrong, 4 the machine was too noisy to say. */
export function exitCodeOf(rows: readonly Row[]): number {
  if (rows.some(({ verdict }) => verdict === "fails")) return EXIT.gateFailed;
  return rows.some(({ verdict }) => verdict === "invalid") ? EXIT.inconclusive : EXIT.done;
}
