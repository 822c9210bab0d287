/** `node dist/servers/serve.js <name> [--port N] …`. A run starts this file, it never imports it. */
import { createHub } from "./hub.ts";
import { serveCommand } from "./serve-command.ts";

await serveCommand(process.argv.slice(2), createHub);
