/** One server in one process, until it is told to stop. */
import { parseArgs } from "node:util";
import { listServers, loadServer, reasonOf } from "./catalog.ts";
import { createCertificate } from "./certificate.ts";
import { DEFAULT_SERVER_OPTIONS, type ReadyLine, type ServerOptions } from "./contract.ts";
import { openControl, type Control } from "./control.ts";
import { createEcho } from "./echo.ts";
import type { Hub } from "./hub.ts";
import type { RunningServer } from "./reference-server.ts";

const LOOPBACK = /^(127\.[\d.]+|::1|localhost)$/;
const EXIT_USAGE = 2;
const EXIT_CANNOT_START = 5;
/** Well within the 2 s after which whoever started this process gives up on it. */
const STOP_WITHIN_MS = 1500;
/** The longest time a timer can wait. */
const MAX_MS = 2 ** 31 - 1;

class StartError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs the server that `argv` names on the hub that is made for it, prints its ready line, and ends the process: with 0 when told to
 * stop, 2 for a wrong command, 5 when the server cannot start.
 */
export async function serveCommand(argv: readonly string[], makeHub: (options: ServerOptions) => Hub): Promise<void> {
  try {
    await serve(argv, makeHub);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}

async function serve(argv: readonly string[], makeHub: (options: ServerOptions) => Hub): Promise<void> {
  const { name, options } = readCommand(argv);
  const names = await listServers();
  if (!names.includes(name)) throw new StartError(EXIT_USAGE, `unknown server "${name}": expected one of ${names.join(", ")}`);

  const reference = await loadServer(name).catch((error: unknown) => {
    throw new StartError(EXIT_CANNOT_START, `server "${name}" cannot run here: ${reasonOf(error)}`);
  });
  const certificate = options.tls ? await createCertificate(options.host) : undefined;
  const hub = makeHub(options);
  const running = await reference
    .start({
      options,
      hub,
      ...(certificate === undefined ? {} : { certificate }),
      ...(options.echo ? { echo: createEcho(hub) } : {}),
    })
    .catch((error: unknown) => refuseToListen(error, "--port", options.host, options.port));
  const controlHost = LOOPBACK.test(options.host) ? options.host : "127.0.0.1";
  const control = await openControl({
    host: controlHost,
    port: options.controlPort,
    hub,
    connections: () => running.connections(),
    loopDelayResolutionMs: options.loopDelayResolutionMs,
  }).catch((error: unknown) => refuseToListen(error, "--control-port", controlHost, options.controlPort));

  stopWhenTold(hub, running, control);
  const ready: ReadyLine = {
    pushbench: 1,
    name,
    transport: reference.transport,
    pid: process.pid,
    host: options.host,
    port: running.port,
    controlHost,
    controlPort: control.port,
    tls: options.tls,
    ...(certificate === undefined ? {} : { ca: certificate.cert }),
    library: reference.library(),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

function stopWhenTold(hub: Hub, running: RunningServer, control: Control): void {
  let stopping = false;
  function stop(): void {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    hub.flush();
    void Promise.all([running.close(), control.close()]).then(() => process.exit(0));
  }
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Whoever started it with a channel is gone: nobody else will stop it.
  if (process.connected) process.on("disconnect", stop);
}

function readCommand(argv: readonly string[]): {
  readonly name: string;
  readonly options: ServerOptions;
} {
  const defaults = DEFAULT_SERVER_OPTIONS;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        host: { type: "string", default: defaults.host },
        port: { type: "string", default: String(defaults.port) },
        "control-port": { type: "string", default: String(defaults.controlPort) },
        tls: { type: "boolean", default: defaults.tls },
        "history-messages": { type: "string", default: String(defaults.historyMessages) },
        "heartbeat-ms": { type: "string", default: String(defaults.heartbeatMs) },
        "backpressure-bytes": { type: "string", default: String(defaults.backpressureBytes) },
        "batch-ms": { type: "string", default: String(defaults.batchMs) },
        binary: { type: "boolean", default: defaults.binary },
        compression: { type: "boolean", default: defaults.compression },
        echo: { type: "boolean", default: defaults.echo },
        "loop-delay-resolution-ms": { type: "string", default: String(defaults.loopDelayResolutionMs) },
      },
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) throw new Error(`expected one server's name, got ${positionals.length}`);
    const options = {
      host: values.host,
      port: readNumber("--port", values.port, 0, 65_535),
      controlPort: readNumber("--control-port", values["control-port"], 0, 65_535),
      tls: values.tls,
      historyMessages: readNumber("--history-messages", values["history-messages"], 0, 10_000_000),
      heartbeatMs: readNumber("--heartbeat-ms", values["heartbeat-ms"], 0, MAX_MS),
      backpressureBytes: readNumber("--backpressure-bytes", values["backpressure-bytes"], 1, Number.MAX_SAFE_INTEGER),
      batchMs: readNumber("--batch-ms", values["batch-ms"], 0, MAX_MS),
      binary: values.binary,
      compression: values.compression,
      echo: values.echo,
      loopDelayResolutionMs: readNumber("--loop-delay-resolution-ms", values["loop-delay-resolution-ms"], 1, MAX_MS),
    };
    return { name, options };
  } catch (error) {
    throw new StartError(EXIT_USAGE, reasonOf(error));
  }
}

function readNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`bad ${flag} "${text}": expected a whole number from ${least} to ${most}`);
}

function refuseToListen(error: unknown, flag: string, host: string, port: number): never {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === "EADDRINUSE"
      ? `the port is in use; choose another with ${flag}, or 0 for any that is free`
      : code === "EACCES"
        ? `this user may not use that port; choose one from 1024 on with ${flag}`
        : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
          ? "this machine has no such address; choose another with --host"
          : reasonOf(error);
  throw new StartError(EXIT_CANNOT_START, `cannot listen on ${host}:${port}: ${why}`);
}
