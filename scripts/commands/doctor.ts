import { Command } from "commander";
import type { Finding } from "../../load/finding.ts";
import { ASSUMED_BYTES, describeHeadroom, headroomOf, MEMORY_SHARE } from "../../load/headroom.ts";
import type { Headroom } from "../../load/headroom.ts";
import { readLimits } from "../../load/limits.ts";
import { judgeMachine } from "../../load/machine-finding.ts";
import type { MachineFacts } from "../../load/machine-finding.ts";
import { watchNeighbours } from "../../load/neighbours.ts";
import { readSoftware } from "../../load/software.ts";
import { paintFor } from "../color.ts";
import type { Paint } from "../color.ts";
import { examples } from "../examples.ts";
import { option } from "../option.ts";

/** Long enough that a process at a hundredth of a core shows in ticks of 10 ms. */
const WATCH_MS = 1000;

/** `pushbench doctor`: what this machine allows, what stands in the way, and how to raise it. Warnings are no failure: it exits 0. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what this machine allows: versions, cores, descriptors, ports, memory, and who else is using it.")
    .addOption(option("--json", "print one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["pushbench doctor", "what was found, what it allows, how to raise it"],
        ["pushbench doctor --json", "the same for programs"],
      ]),
    )
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      // First of all, before this command itself gives the machine something to do.
      const limits = readLimits();
      const neighbours = await watchNeighbours(WATCH_MS);
      const facts: MachineFacts = { software: await readSoftware(), limits, neighbours };
      const findings = judgeMachine(facts);
      const headroom = headroomOf(limits);
      const document = { schemaVersion: 1, findings, headroom, summary: describeHeadroom(headroom), facts };
      process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : formatFindings(findings, headroom, paintFor(process.stdout)));
    });
}

const MARKS = { ok: "✓ ok", warn: "! warn", bad: "✗ bad" } as const;
const HEADER = ["", "", "found", "allows"] as const;
/** A longer cell pushes the rest of its own line only. */
const WIDEST = 36;

/** The findings as a table, advice below each, and what follows from them. */
export function formatFindings(findings: readonly Finding[], headroom: Headroom, paint: Paint): string {
  const colors = { ok: paint.green, warn: paint.yellow, bad: paint.red };
  const rows = findings.map(({ status, subject, found, allows }) => [MARKS[status], subject, found, allows]);
  const widths = HEADER.map((title, column) => Math.min(WIDEST, Math.max(title.length, ...rows.map((row) => row[column]!.length))));
  const line = (row: readonly string[], color: (text: string) => string): string =>
    row
      .map((text, column) => (column === 0 ? color(text.padEnd(widths[0]!)) : column === 3 ? text : text.padEnd(widths[column]!)))
      .join("  ");
  const indent = " ".repeat(widths[0]! + widths[1]! + 4);
  const { server, client, kernel } = ASSUMED_BYTES;
  return [
    paint.bold(line(HEADER, (text) => text).trimEnd()),
    ...findings.flatMap(({ status, advice }, at) => [
      line(rows[at]!, colors[status]),
      ...(advice === undefined ? [] : [paint.dim(`${indent}→ ${advice}`)]),
    ]),
    "",
    describeHeadroom(headroom),
    paint.dim(
      `Assumed a connection, both ends here: server ${kilobytes(server)}, client ${kilobytes(client)}, kernel ${kilobytes(kernel)}, ` +
        `in ${Math.round(MEMORY_SHARE * 100)} % of the available memory.`,
    ),
    "",
  ].join("\n");
}

function kilobytes(bytes: number): string {
  return `${bytes / 1000} kB`;
}
