import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Command } from "commander";
import { compiledFile, ensureBuilt } from "../../load/compiled.ts";
import { nearest } from "../../load/nearest.ts";
import { TargetError } from "../../load/target.ts";
import { UsageError } from "../../load/usage-error.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import type { ReadyLine } from "../../servers/contract.ts";
import { paintFor } from "../color.ts";
import { examples } from "../examples.ts";
import { invocation } from "../invocation.ts";
import { missingArgument } from "../missing-argument.ts";
import { countOption, option } from "../option.ts";
import { publishOneLiner, subscribeOneLiner, subscribersUrl } from "../one-liner.ts";

interface Options {
  readonly host?: string;
  readonly port?: number;
  readonly controlPort?: number;
  readonly tls?: boolean;
  readonly batchMs?: number;
  readonly binary?: boolean;
  readonly compression?: boolean;
  readonly echo?: boolean;
  readonly json?: boolean;
}

/** `pushbench serve <server>`: one reference server by hand, until Ctrl-C. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Start one server, and show how to see a message arrive.")
    .usage("[options] <server>")
    .argument("[server]", `a server of \`${invocation()} list\``)
    .addOption(option("--host <host>", "address to listen on (default: 127.0.0.1)"))
    .addOption(countOption("--port <port>", "port for subscribers (default: a free one)", 0, 65_535))
    .addOption(countOption("--control-port <port>", "port for publishing and stats (default: a free one)", 0, 65_535))
    .addOption(option("--tls", "serve subscribers over TLS, with a certificate made at start"))
    .addOption(
      countOption("--batch-ms <ms>", "hold a topic's messages back for so long, and publish them together (default: 0)", 0, 10_000),
    )
    .addOption(option("--binary", "send messages as binary frames, on WebSocket"))
    .addOption(option("--compression", "compress messages for who offers permessage-deflate, on WebSocket"))
    .addOption(option("--echo", "take what subscribers send, and publish it"))
    .addOption(option("--json", "print the ready line as one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["serve sse-node", "start it on free ports"],
        ["serve websocket-ws --tls --port 8443", "with TLS on a port of your choice"],
      ]),
    )
    .action(serve);
}

async function serve(asked: string | undefined, options: Options): Promise<void> {
  const name = await availableServer(asked);
  await ensureBuilt();
  const child = spawn(process.execPath, [compiledFile("servers/serve.ts"), name, ...serverArguments(options)], {
    // The server ends when this channel closes, so that it cannot outlive us.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const stop = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const said = collect(child.stderr!);
  try {
    const ready = await readyLine(child, ended, said, name);
    if (ready === undefined) return;
    process.stdout.write(options.json === true ? `${JSON.stringify(ready)}\n` : welcome(ready));
    child.stderr!.pipe(process.stderr, { end: false });
    const [code, signal] = await ended;
    if (code !== 0 && signal !== "SIGTERM") throw new TargetError(`${name} ended by itself with ${signal ?? `code ${String(code)}`}`);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  }
}

async function availableServer(name: string | undefined): Promise<string> {
  const catalog = await loadCatalog();
  const entry = catalog.find((server) => server.name === name);
  const names = catalog.map((server) => server.name);
  if (name === undefined) throw missingArgument("server", `one of ${names.join(", ")}`, "serve sse-node");
  if (entry === undefined) {
    const near = nearest(name, names);
    throw new UsageError(
      `unknown server "${name}": expected one of ${names.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`,
    );
  }
  if (!entry.available) throw new TargetError(`${name} is unavailable here: ${entry.reason}`);
  return name;
}

function serverArguments({ host, port, controlPort, tls, batchMs, binary, compression, echo }: Options): string[] {
  return [
    ...(host === undefined ? [] : ["--host", host]),
    ...(port === undefined ? [] : ["--port", String(port)]),
    ...(controlPort === undefined ? [] : ["--control-port", String(controlPort)]),
    ...(tls === true ? ["--tls"] : []),
    ...(batchMs === undefined ? [] : ["--batch-ms", String(batchMs)]),
    ...(binary === true ? ["--binary"] : []),
    ...(compression === true ? ["--compression"] : []),
    ...(echo === true ? ["--echo"] : []),
  ];
}

/** The ready line; `undefined` when it was stopped before that. Throws the server's own words when it could not start. */
async function readyLine(
  child: ChildProcess,
  ended: Promise<[number | null, NodeJS.Signals | null]>,
  said: () => string,
  name: string,
): Promise<ReadyLine | undefined> {
  const lines = createInterface({ input: child.stdout! });
  const first = await Promise.race([once(lines, "line") as Promise<[string]>, ended.then(() => undefined)]);
  if (first !== undefined) return JSON.parse(first[0]) as ReadyLine;
  const [code, signal] = await ended;
  if (signal === "SIGTERM" || code === 0) return undefined;
  throw new TargetError(said().trim() || `${name} ended with ${signal ?? `code ${String(code)}`} and said nothing`);
}

function collect(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  return () => text;
}

function welcome(ready: ReadyLine): string {
  const paint = paintFor(process.stdout);
  const { name, transport, library } = ready;
  const host = ready.host.includes(":") ? `[${ready.host}]` : ready.host;
  const subscribe = subscribeOneLiner(ready);
  return [
    `${paint.bold(name)} (${transport}, ${library.name} ${library.version}) listens, pid ${ready.pid}`,
    `  subscribers  ${subscribersUrl(ready)}`,
    `  control      http://${host}:${ready.controlPort}   /healthz /stats /publish`,
    "",
    ...(subscribe === undefined ? [] : ["See messages arrive, in another terminal:", `  ${subscribe}`]),
    "Publish one:",
    `  ${publishOneLiner(ready)}`,
    "",
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}
