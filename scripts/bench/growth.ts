/** `npm run bench:growth`: what a run and its report take as connections, deliveries, cells and trials grow. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { saveMeasurement, saveRecord } from "../../load/results.ts";
import { ALL_SERVERS, fixtureRun, fixtureScenario } from "../../reports/fixture.ts";
import { countOption, option } from "../option.ts";
import { formatGrowth } from "./growth-text.ts";
import type { Growth } from "./growth-text.ts";
import { interruptible } from "../interruptible.ts";
import { watchProcess } from "./watched-process.ts";

const PUSHBENCH = fileURLToPath(new URL("../pushbench.ts", import.meta.url));
const SERVER = "websocket-uws";
/** Each of them is run on its own, with the rest as in {@link SMALL}. */
const CONNECTIONS = [100, 1000, 10_000, 100_000];
const RATES = [1, 10, 100];
const SMALL = { subscribers: 1000, rate: 0.2 };
/** Scenarios of a run of all servers. */
const SCENARIOS = [1, 4, 16];
const TRIALS = [1, 3, 9];

interface Options {
  readonly connections?: number;
  readonly json?: boolean;
}

await new Command("bench:growth")
  .description("Show what a run and its report take as connections, deliveries, cells and trials grow.")
  .addHelpText("after", "\nAbout five minutes, in which nothing else should run.\n")
  .addOption(countOption("--connections <count>", "the most connections", 100, 1_000_000))
  .addOption(option("--json", "print the figures as one JSON document"))
  .action(async ({ connections: most = CONNECTIONS.at(-1)!, json = false }: Options) => {
    await interruptible(async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), "pushbench-growth-"));
      try {
        const rows: Growth[] = [];
        const add = async (of: string, size: number, work: () => Promise<Pick<Growth, "took" | "pageBytes">>): Promise<void> => {
          process.stderr.write(`${of} ${size}\n`);
          rows.push({ of, size, ...(await work()) });
        };
        const sizes = [...CONNECTIONS.filter((count) => count < most), most];
        for (const subscribers of sizes) await add("connections", subscribers, () => runSuite(folder, { ...SMALL, subscribers }, signal));
        for (const rate of RATES)
          await add("deliveries a second", rate * SMALL.subscribers, () => runSuite(folder, { ...SMALL, rate }, signal));
        for (const scenarios of SCENARIOS) await add("cells", scenarios * ALL_SERVERS.length, () => report(folder, scenarios, 1, signal));
        for (const trials of TRIALS) await add("trials", trials * ALL_SERVERS.length, () => report(folder, 1, trials, signal));
        const machine = { cores: availableParallelism(), node: process.version };
        if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, machine, rows }, null, 2)}\n`);
        else process.stdout.write(`${formatGrowth(rows)}\n\n${SERVER}, ${machine.cores} cores, Node ${machine.node}\n`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  })
  .parseAsync();

/** A run of one trial, its report included. */
async function runSuite(folder: string, workload: typeof SMALL, signal: AbortSignal): Promise<Pick<Growth, "took" | "pageBytes">> {
  const suite = join(folder, "growth.yaml");
  const out = join(folder, `run-${workload.subscribers}-${workload.rate}`);
  const phases = "settle: 1s, warmup: 2s, duration: 10s, drain: 10s, connectRate: 5k/s";
  await writeFile(
    suite,
    `name: growth\nservers: [${SERVER}]\nscenarios:\n  - { name: broadcast, subscribers: ${workload.subscribers}, rate: ${workload.rate}/s, ${phases} }\n`,
  );
  const took = await watchProcess(["--import", "tsx", PUSHBENCH, "run", suite, "--out", out], signal);
  return { took, pageBytes: await pageSize(out) };
}

/** The report on a run that was made up: no server could be loaded in so many ways in a minute. */
async function report(folder: string, scenarios: number, trials: number, signal: AbortSignal): Promise<Pick<Growth, "took" | "pageBytes">> {
  const out = join(folder, `report-${scenarios}-${trials}`);
  const { record, measurements } = fixtureRun({
    servers: ALL_SERVERS,
    scenarios: Array.from({ length: scenarios }, (_, i) => fixtureScenario({ name: `broadcast,subscribers=${100 * (i + 1)}` })),
    trials,
  });
  await saveRecord(out, record);
  for (const measurement of measurements) await saveMeasurement(out, measurement);
  const took = await watchProcess(["--import", "tsx", PUSHBENCH, "report", out], signal);
  return { took, pageBytes: await pageSize(out) };
}

async function pageSize(out: string): Promise<number> {
  return (await stat(join(out, "report.html"))).size;
}
