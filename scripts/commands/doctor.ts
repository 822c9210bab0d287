import { Command } from "commander";
import { inspectMachine } from "../../load/machine.ts";
import type { Machine } from "../../load/machine.ts";
import { paintFor } from "../color.ts";
import type { Paint } from "../color.ts";
import { examples } from "../examples.ts";
import { option } from "../option.ts";

/** `pushbench doctor`: what this machine allows, what stands in the way, and how to raise it. Warnings are no failure: it exits 0. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what this machine allows: versions, cores, descriptors, ports, memory, and who else is using it.")
    .addOption(option("--json", "print one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["doctor", "what was found, what it allows, how to raise it"],
        ["doctor --json", "the same for programs"],
      ]),
    )
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const machine = await inspectMachine();
      process.stdout.write(
        json ? `${JSON.stringify({ schemaVersion: 1, ...machine }, null, 2)}\n` : formatMachine(machine, paintFor(process.stdout)),
      );
    });
}

const MARKS = { ok: "✓ ok", warn: "! warn", bad: "✗ bad" } as const;
const HEADER = ["", "", "found", "allows"] as const;
/** A longer cell pushes the rest of its own line only. */
const WIDEST = 36;

/** The findings as a table, advice below each, and what follows from them. */
export function formatMachine({ findings, summary, assumed }: Machine, paint: Paint): string {
  const colors = { ok: paint.green, warn: paint.yellow, bad: paint.red };
  const rows = findings.map(({ status, subject, found, allows }) => [MARKS[status], subject, found, allows]);
  const widths = HEADER.map((title, column) => Math.min(WIDEST, Math.max(title.length, ...rows.map((row) => row[column]!.length))));
  const line = (row: readonly string[], color: (text: string) => string): string =>
    row
      .map((text, column) => (column === 0 ? color(text.padEnd(widths[0]!)) : column === 3 ? text : text.padEnd(widths[column]!)))
      .join("  ");
  const indent = " ".repeat(widths[0]! + widths[1]! + 4);
  const { server, client, kernel } = assumed.bytes;
  return [
    paint.bold(line(HEADER, (text) => text).trimEnd()),
    ...findings.flatMap(({ status, advice }, at) => [
      line(rows[at]!, colors[status]),
      ...(advice === undefined ? [] : [paint.dim(`${indent}→ ${advice}`)]),
    ]),
    "",
    summary,
    paint.dim(
      `Assumed a connection, both ends here: server ${kilobytes(server)}, client ${kilobytes(client)}, kernel ${kilobytes(kernel)}, ` +
        `in ${Math.round(assumed.memoryShare * 100)} % of the available memory.`,
    ),
    "",
  ].join("\n");
}

function kilobytes(bytes: number): string {
  return `${bytes / 1000} kB`;
}
