import { Command } from "commander";
import { METRICS, PERCENTILES } from "../../load/metric.ts";
import type { Metric } from "../../load/metric.ts";
import { builtInSuites, readSuite } from "../../load/suite-file.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import type { CatalogEntry } from "../../servers/catalog.ts";
import { paintFor } from "../color.ts";
import { examples } from "../examples.ts";
import { option } from "../option.ts";

interface Listing {
  readonly servers: readonly CatalogEntry[];
  readonly transports: readonly { readonly name: string; readonly servers: readonly string[] }[];
  readonly suites: readonly { readonly name: string; readonly description: string }[];
  /** What a threshold may name; beside them `errors.<kind>`. */
  readonly metrics: readonly Metric[];
}

/** `pushbench list`: what can be named in a suite, and what of it runs here. */
export function listCommand(): Command {
  return new Command("list")
    .description("List servers with their availability, transports, built-in suites and metrics.")
    .addOption(option("--json", "print one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["list", "show what there is"],
        ["list --json", "the same for programs"],
      ]),
    )
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const listing = await collect();
      process.stdout.write(json ? `${JSON.stringify({ schemaVersion: 1, ...listing }, null, 2)}\n` : format(listing));
    });
}

async function collect(): Promise<Listing> {
  const catalog = await loadCatalog();
  const suites = await Promise.all((await builtInSuites()).map((name) => readSuite(name, catalog)));
  const available = catalog.filter((entry) => entry.available);
  const transports = [...new Set(available.map(({ transport }) => transport))].sort();
  return {
    servers: catalog,
    transports: transports.map((name) => ({
      name,
      servers: available.filter(({ transport }) => transport === name).map((server) => server.name),
    })),
    suites: suites.map(({ name, description }) => ({ name, description })),
    metrics: [...METRICS.values()],
  };
}

function format({ servers, transports, suites, metrics }: Listing): string {
  const paint = paintFor(process.stdout);
  const state = (entry: CatalogEntry): string =>
    entry.available
      ? `${paint.green("✓ available")}, ${entry.library.name} ${entry.library.version}`
      : `${paint.yellow("✗ unavailable")}: ${entry.reason}`;
  return [
    paint.bold("Servers"),
    ...columns(servers.map((server) => [server.name, server.available ? server.transport : "–", state(server)])),
    "",
    paint.bold("Transports"),
    ...columns(transports.map(({ name, servers: names }) => [name, names.join(", ")])),
    "",
    paint.bold("Suites"),
    ...columns(suites.map(({ name, description }) => [name, description])),
    "",
    `${paint.bold("Metrics")}, where <p> is one of ${Object.keys(PERCENTILES).join(", ")}`,
    ...columns([...metrics.flatMap(metricRow), ["errors.<kind>", "", "failures of one kind"]]),
    "",
  ].join("\n");
}

/** A latency is one row for all of its percentiles. */
function metricRow({ name, unit, label }: Metric): string[][] {
  const [first, ...others] = Object.keys(PERCENTILES);
  if (others.some((percentile) => name.endsWith(`.${percentile}`))) return [];
  const base = name.endsWith(`.${first!}`) ? name.slice(0, -first!.length - 1) : undefined;
  if (base === undefined) return [[name, unit, label]];
  return [[`${base}.<p>`, unit, label.replace(`${first!}, `, "")]];
}

/** Rows with every column but the last padded to its widest text. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((text, column) => (column === row.length - 1 ? text : text.padEnd(widths[column]!))).join("  ")}`);
}
