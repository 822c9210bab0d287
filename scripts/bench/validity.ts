/** `npm run bench:validity`: what disturbs a measurement, how far it is off then, and whether it says so. */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { studyValidity } from "../../load/validity-study.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { option } from "../option.ts";
import { formatDisturbances, formatLimits, formatVerdict } from "./validity-text.ts";
import { interruptible } from "../interruptible.ts";

const ROUNDS = 3;
const SERVER = "sse-node";

await new Command("bench:validity")
  .description("Disturb trials in known ways, and show how far they are off and whether they say so: what the limits of validity rest on.")
  .addHelpText("after", "\nAbout six minutes, in which nothing else should run.\n")
  .addOption(option("--json", "print the trials as one JSON document"))
  .action(async ({ json = false }: { readonly json?: boolean }) => {
    await interruptible(async (signal) => {
      const server = (await loadCatalog()).find(({ name }) => name === SERVER)!;
      if (!server.available) throw new Error(`${SERVER} cannot run here`);
      const rows = await studyValidity(server, ROUNDS, signal, (done, of) => process.stderr.write(`trial ${done} of ${of}\n`));
      const machine = { cores: availableParallelism(), node: process.version };
      if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, machine, rounds: ROUNDS, trials: rows }, null, 2)}\n`);
      else {
        process.stdout.write(`${formatDisturbances(rows)}\n\n${formatLimits(rows)}\n\n${formatVerdict(rows)}\n`);
        process.stdout.write(`\n${ROUNDS} rounds on ${SERVER}, ${machine.cores} cores, Node ${machine.node}\n`);
      }
    });
  })
  .parseAsync();
