/** `npm run bench:generator`: what the lean client costs beside the one on the library that users use, and beside other tools. */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { contestsOf, idleWorkerBytes, POLLED, studyGenerator } from "../../load/generator-study.ts";
import { spread } from "../../load/spread.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { namesOption, option } from "../option.ts";
import { formatStandings, formatWorker } from "./generator-text.ts";
import { interruptible } from "../interruptible.ts";
import { missingTools, toolContestants } from "./generator-tools.ts";

/** Odd, so that the median is a round that was run. */
const ROUNDS = 5;

await new Command("bench:generator")
  .description(
    "Measure what a delivery, a connection and a request cost the generator: the lean client beside the libraries and tools that others use.",
  )
  .addHelpText("after", "\nAbout half an hour, in which nothing else should run.\n")
  .addOption(namesOption("--only <transports...>", "these transports alone, one or several"))
  .addOption(option("--json", "print the figures as one JSON document"))
  .action(async ({ only, json = false }: { readonly only?: readonly string[]; readonly json?: boolean }) => {
    await interruptible(async (signal) => {
      const catalog = await loadCatalog();
      const polled = catalog.find(({ name }) => name === POLLED.server);
      const contests = contestsOf(catalog, only).map((contest) =>
        contest.contestants.some(({ name }) => name === POLLED.library) && polled?.available
          ? { ...contest, contestants: [...contest.contestants, ...toolContestants(polled)] }
          : contest,
      );
      const missing = missingTools();
      if (missing.length > 0) process.stderr.write(`left out, for they are not here: ${missing.join(", ")}\n`);
      const standings = await studyGenerator({
        contests,
        rounds: ROUNDS,
        signal,
        onRound: (done) => process.stderr.write(`round ${done} of ${ROUNDS}\n`),
      });
      const idle: number[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        const bytes = await idleWorkerBytes();
        if (bytes !== undefined) idle.push(bytes);
      }
      const worker = idle.length === 0 ? undefined : spread(idle);
      const machine = { cores: availableParallelism(), node: process.version };
      if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, machine, rounds: ROUNDS, standings, worker }, null, 2)}\n`);
      else {
        process.stdout.write(`${formatStandings(standings)}\n`);
        if (worker !== undefined) process.stdout.write(`\n${formatWorker(worker)}\n`);
        process.stdout.write(`\n${ROUNDS} rounds, ${machine.cores} cores, Node ${machine.node}\n`);
      }
    });
  })
  .parseAsync();
