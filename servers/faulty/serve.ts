/**
 * A server that lies on purpose: `node dist/servers/faulty/serve.js <faults as JSON> <file> <name> [--port N] …`. What it did is written
 * to the file when it ends.
 */
import { writeFileSync } from "node:fs";
import { createHub } from "../hub.ts";
import { serveCommand } from "../serve-command.ts";
import { createFaultyHub } from "./faulty-hub.ts";
import { readFaults } from "../fault.ts";

const [faults, file, ...argv] = process.argv.slice(2);
await serveCommand(argv, (options) => {
  const hub = createFaultyHub(createHub(options), readFaults(faults!));
  process.on("exit", () => writeFileSync(file!, JSON.stringify(hub.injected)));
  return hub;
});
