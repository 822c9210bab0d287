/** A reference server as a real process from `dist/`, for tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Agent, fetch, type BodyInit } from "undici";
import { compiledFile } from "../../load/compiled.ts";
import { publishLine, type PublishAnswer, type ReadyLine, type ServerStats } from "../contract.ts";

export interface ServerProcess {
  readonly ready: ReadyLine;
  readonly child: ChildProcess;
  /** `https://127.0.0.1:1234`, or `http:`. */
  readonly url: string;
  stats(): Promise<ServerStats>;
  /** One request with a line a payload; answers once the server has published them all. */
  publish(topic: string, ...payloads: string[]): Promise<PublishAnswer>;
  publishBody(body: BodyInit): Promise<PublishAnswer>;
  descriptors(): Promise<number>;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ending>;
}

export interface Ending {
  readonly code: number | null;
  readonly tookMs: number;
  readonly stderr: string;
}

/** Runs `serve` with these arguments until it ends by itself. */
export async function runServe(args: readonly string[]): Promise<Ending> {
  return ended(spawnServe(args));
}

/** Starts `serve` and waits for its ready line; rejects with what it said when it ends before that. */
export async function startServer(name: string, flags: readonly string[] = []): Promise<ServerProcess> {
  const child = spawnServe([name, ...flags]);
  const ending = ended(child);
  const ready = await Promise.race([
    once(createInterface(child.stdout!), "line").then(([line]) => JSON.parse(line as string) as ReadyLine),
    ending.then(({ code, stderr }) => Promise.reject(new Error(`${name} ended with code ${code}: ${stderr}`))),
  ]);
  const control = `http://127.0.0.1:${ready.controlPort}`;
  // Without keep-alive, or a pool of this test would stand in the descriptors of the server.
  const dispatcher = new Agent({ pipelining: 0 });

  async function publishBody(body: BodyInit): Promise<PublishAnswer> {
    const response = await fetch(`${control}/publish`, { method: "POST", body, duplex: "half", dispatcher });
    return (await response.json()) as PublishAnswer;
  }

  return {
    ready,
    child,
    url: `${ready.tls ? "https" : "http"}://127.0.0.1:${ready.port}`,
    stats: async () => (await (await fetch(`${control}/stats`, { dispatcher })).json()) as ServerStats,
    publish: (topic, ...payloads) => publishBody(payloads.map((payload) => publishLine(topic, payload)).join("")),
    publishBody,
    descriptors: async () => (await readdir(`/proc/${ready.pid}/fd`)).length,
    async stop(signal = "SIGTERM") {
      const from = performance.now();
      child.kill(signal);
      const end = await ending;
      await dispatcher.destroy();
      return { ...end, tookMs: performance.now() - from };
    },
  };
}

function spawnServe(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [compiledFile("servers/serve.ts"), ...args], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
}

async function ended(child: ChildProcess): Promise<Ending> {
  const from = performance.now();
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, tookMs: performance.now() - from, stderr };
}
