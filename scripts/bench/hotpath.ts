/** `npm run bench:hotpath`: what one delivery costs a lean worker, and which share of a real trial's generator that is. */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { timeHotPath, timeTrial } from "../../load/hotpath.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { option } from "../option.ts";
import { formatCosts, formatShare } from "./hotpath-text.ts";
import { interruptible } from "../interruptible.ts";

/** Odd, so that the median is a round that was run. */
const ROUNDS = 7;
/** The trial's server: the one that costs least leaves the generator most of the machine. */
const SERVER = "websocket-uws";

await new Command("bench:hotpath")
  .description(
    "Time what a lean worker does for one message of 128 B, by wire format, and set it against a real trial. About three minutes.",
  )
  .addOption(option("--json", "print the figures as one JSON document"))
  .action(async ({ json = false }: { readonly json?: boolean }) => {
    await interruptible(async (signal) => {
      const costs = await timeHotPath(ROUNDS, signal, (done) => process.stderr.write(`round ${done} of ${ROUNDS}\n`));
      if (!json) process.stdout.write(`${formatCosts(costs)}\n\n`);
      const server = (await loadCatalog()).find(({ name }) => name === SERVER)!;
      const trial = server.available ? await timeTrial(server, signal) : undefined;
      const machine = { cores: availableParallelism(), node: process.version };
      if (json) {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, machine, rounds: ROUNDS, costs, trial }, null, 2)}\n`);
        return;
      }
      if (trial === undefined) process.stdout.write(`no trial: ${SERVER} cannot run here\n`);
      else process.stdout.write(`${formatShare(costs, trial)}\n`);
      process.stdout.write(`\n${ROUNDS} rounds, ${machine.cores} cores, Node ${machine.node}\n`);
    });
  })
  .parseAsync();
