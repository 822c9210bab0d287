import { Command } from "commander";
import { METRICS, PERCENTILES } from "../../load/metric.ts";
import type { Metric } from "../../load/metric.ts";
import { builtInSuites, readSuite } from "../../load/suite-file.ts";
import { jsonDocument, printable } from "../../reports/formats/escape.ts";
import { wrapped } from "../../reports/formats/wrap.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import type { CatalogEntry } from "../../servers/catalog.ts";
import { paintFor } from "../color.ts";
import { examples } from "../examples.ts";
import { option } from "../option.ts";
import { rowsOf } from "../rows.ts";

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
      process.stdout.write(json ? jsonDocument({ schemaVersion: 1, ...listing }) : format(listing, process.stdout.columns || Infinity));
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

function format({ servers, transports, suites, metrics }: Listing, width: number): string {
  const paint = paintFor(process.stdout);
  const state = (entry: CatalogEntry): string =>
    entry.available
      ? `${paint.green("✓ available")}, ${entry.library.name} ${entry.library.version}`
      : `${paint.yellow("✗ unavailable")}: ${printable(entry.reason)}`;
  return [
    paint.bold("Servers"),
    ...rowsOf(
      servers.map((server) => [server.name, server.available ? server.transport : "–", state(server)]),
      width,
    ),
    "",
    paint.bold("Transports"),
    ...rowsOf(
      transports.map(({ name, servers: names }) => [name, names.join(", ")]),
      width,
    ),
    "",
    paint.bold("Suites"),
    ...rowsOf(
      suites.map(({ name, description }) => [name, description]),
      width,
    ),
    "",
    wrapped(`${paint.bold("Metrics")}, where <p> is one of ${Object.keys(PERCENTILES).join(", ")}`, width, 2),
    ...rowsOf([...metrics.flatMap(metricRow), ["errors.<kind>", "", "failures of one kind"]], width),
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
