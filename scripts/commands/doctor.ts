import { Command } from "commander";
import { inspectMachine } from "../../load/machine.ts";
import type { Machine } from "../../load/machine.ts";
import { defaultNoiseFile } from "../../load/noise-file.ts";
import { UsageError } from "../../load/usage-error.ts";
import { jsonDocument } from "../../reports/formats/escape.ts";
import { visibleWidth, wrapped } from "../../reports/formats/wrap.ts";
import { paintFor, wantsColor } from "../color.ts";
import type { Paint } from "../color.ts";
import { examples } from "../examples.ts";
import { interruptible } from "../interruptible.ts";
import type { NoiseFlags } from "../noise-floor.ts";
import { countOption, namesOption, option } from "../option.ts";
import { stacked } from "../rows.ts";

/** `pushbench doctor`: what this machine allows, what stands in the way, and how to raise it. Warnings are no failure: it exits 0. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what this machine allows: versions, cores, descriptors, ports, memory, and who else is using it.")
    .addOption(option("--noise", "measure what a version shows against itself, and keep it for this class of machine; some minutes"))
    .addOption(namesOption("--server <names...>", "with --noise: only these servers of the suite gate, or others"))
    .addOption(countOption("--rounds <count>", "with --noise: rounds of each server (default: a gate's)", 3, 1000))
    .addOption(option("--noise-file <file>", "where it is kept, and looked for by a gate (default: in the user's cache)"))
    .addOption(option("--json", "print one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["doctor", "what was found, what it allows, how to raise it"],
        ["doctor --json", "the same for programs"],
        ["doctor --noise", "the smallest change that a gate can see here"],
      ]),
    )
    .action(async ({ noise = false, ...flags }: Flags) => (noise ? showNoise(flags) : showMachine(flags)));
}

interface Flags extends Partial<NoiseFlags> {
  readonly noise?: boolean;
  readonly json?: boolean;
}

async function showMachine({ json = false, server, rounds }: Flags): Promise<void> {
  if (server !== undefined || rounds !== undefined) throw new UsageError("--server and --rounds are for doctor --noise");
  const machine = await inspectMachine();
  process.stdout.write(
    json
      ? jsonDocument({ schemaVersion: 1, ...machine })
      : formatMachine(machine, paintFor(process.stdout), process.stdout.columns || Infinity),
  );
}

/** Nothing of what loads something is in memory where the machine is only looked at. */
async function showNoise({ json = false, noiseFile = defaultNoiseFile(), ...flags }: Flags): Promise<void> {
  const { measureNoise } = await import("../noise-floor.ts");
  const { formatNoise } = await import("../../reports/formats/noise.ts");
  const { stderr, stdout } = process;
  await interruptible(async (signal) => {
    const { record, question, sights } = await measureNoise({ ...flags, noiseFile }, signal, (line) => stderr.write(`${line}\n`));
    const options = { color: wantsColor(stdout), width: stdout.isTTY ? stdout.columns : 160 };
    stdout.write(json ? jsonDocument({ schemaVersion: 1, ...record, sights }) : formatNoise(record, sights, question.rounds, options));
    stderr.write(`kept: ${noiseFile}\n`);
  });
}

const MARKS = { ok: "✓ ok", warn: "! warn", bad: "✗ bad" } as const;
const HEADER = ["", "", "found", "allows"] as const;
/** A longer cell pushes the rest of its own line only. */
const WIDEST = 36;

/** The findings as a table, advice below each, and what follows from them; where that is too wide each finding takes several lines. */
export function formatMachine({ findings, summary, assumed }: Machine, paint: Paint, width = Infinity): string {
  const colors = { ok: paint.green, warn: paint.yellow, bad: paint.red };
  const rows = findings.map(({ status, subject, found, allows }) => [MARKS[status], subject, found, allows]);
  const widths = HEADER.map((title, column) => Math.min(WIDEST, Math.max(title.length, ...rows.map((row) => row[column]!.length))));
  const line = (row: readonly string[], color: (text: string) => string): string =>
    row
      .map((text, column) => (column === 0 ? color(text.padEnd(widths[0]!)) : column === 3 ? text : text.padEnd(widths[column]!)))
      .join("  ");
  const indent = " ".repeat(widths[0]! + widths[1]! + 4);
  const { server, client, kernel } = assumed.bytes;
  const table = [
    paint.bold(line(HEADER, (text) => text).trimEnd()),
    ...findings.flatMap(({ status, advice }, at) => [
      line(rows[at]!, colors[status]),
      ...(advice === undefined ? [] : [paint.dim(`${indent}→ ${advice}`)]),
    ]),
  ];
  const list = findings.flatMap(({ status, subject, found, allows, advice }) =>
    stacked([`${colors[status](MARKS[status])} ${subject}: ${found}`, allows, ...(advice === undefined ? [] : [`→ ${advice}`])], width),
  );
  return [
    ...(table.every((text) => visibleWidth(text) <= width) ? table : list),
    "",
    wrapped(summary, width),
    wrapped(
      paint.dim(
        `Assumed a connection, both ends here: server ${kilobytes(server)}, client ${kilobytes(client)}, kernel ${kilobytes(kernel)}, ` +
          `in ${Math.round(assumed.memoryShare * 100)} % of the available memory.`,
      ),
      width,
    ),
    "",
  ].join("\n");
}

function kilobytes(bytes: number): string {
  return `${bytes / 1000} kB`;
}
