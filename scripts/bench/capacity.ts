/** `npm run bench:capacity`: seeded capacity searches on servers whose limit is known, and whether the brackets contain it. */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { studyCapacity } from "../../load/capacity-study.ts";
import type { Limitation } from "../../load/capacity-study.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { countOption, option } from "../option.ts";
import { formatContained, formatPlanted } from "./capacity-text.ts";
import { interruptible } from "../interruptible.ts";

const SERVER = "sse-node";

interface Options {
  readonly planted: Limitation;
  readonly first: number;
  readonly searches: number;
  readonly json?: boolean;
}

await new Command("bench:capacity")
  .description("Search servers that are slow by construction for their limit, and show whether the brackets contain it.")
  .addHelpText("after", "\nAbout a minute a search, two for deliveries, in which nothing else should run.\n")
  .addOption(
    option("--planted <limit>", "slow above so many connections, or no more than so many deliveries a second")
      .choices(["connections", "deliveries"])
      .default("connections"),
  )
  .addOption(countOption("--first <seed>", "seed of the first search; the others follow it", 0, 1_000_000).default(1))
  .addOption(countOption("--searches <count>", "how many", 1, 1000).default(10))
  .addOption(option("--json", "print the searches as one JSON document"))
  .action(async ({ planted, first, searches, json = false }: Options) => {
    await interruptible(async (signal) => {
      const server = (await loadCatalog()).find(({ name }) => name === SERVER)!;
      if (!server.available) throw new Error(`${SERVER} cannot run here`);
      const seeds = Array.from({ length: searches }, (_, i) => first + i);
      const found = await studyCapacity(server, planted, seeds, signal, ({ seed, limit, contained, found: { answer, points } }) =>
        process.stderr.write(
          `seed ${seed}: ${limit} planted, ${answer.held ?? "–"} to ${answer.broke ?? "–"} after ${points.length} trials, ${contained ? "contained" : "not contained"}\n`,
        ),
      );
      const machine = { cores: availableParallelism(), node: process.version };
      if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, machine, planted, searches: found }, null, 2)}\n`);
      else {
        process.stdout.write(`${formatPlanted(found)}\n\n${formatContained(found)}\n`);
        process.stdout.write(`\n${planted} limited on ${SERVER}, ${machine.cores} cores, Node ${machine.node}\n`);
      }
    });
  })
  .parseAsync();
