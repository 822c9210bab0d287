import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { createParser } from "eventsource-parser";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Measurement } from "../../load/measurement.ts";
import type { PlannedTrial } from "../../load/run.ts";
import { advance, startProgress } from "../progress/state.ts";
import type { ProgressState } from "../progress/state.ts";
import { serveLive } from "./server.ts";
import type { LiveServer } from "./server.ts";

const trialOf = (index: number): PlannedTrial => ({
  ...{ index, server: "sse-node", transport: "sse", scenario: "<b>\u001B[2J", repetition: 1, expectedMs: 1000 },
});
const measurement = {
  status: "complete",
  validity: { valid: true, reasons: [] },
  metrics: { delivery_rate: 5000, messages_lost: 0 },
} as unknown as Measurement;

interface Heard {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

const servers: LiveServer[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A run of three trials that a test lets end one by one. */
async function start() {
  let state: ProgressState = startProgress(0);
  const looks = vi.fn<() => ProgressState>(() => state);
  const server = await serveLive(0, looks, () => 1000);
  servers.push(server);
  const trials = [1, 2, 3].map(trialOf);
  state = advance(state, { kind: "planned", trials, kept: [], unavailable: [], changes: [], outlook: { misfits: [] } }, 0);
  return {
    server,
    looks,
    end(index: number) {
      state = advance(state, { kind: "trial-started", trial: trials[index - 1]! }, 0);
      state = advance(state, { kind: "trial-ended", trial: trials[index - 1]!, measurement }, 500);
    },
  };
}

/** As a browser's EventSource: all that comes, until the server ends it. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}events`, { headers });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const parser = createParser({
    onEvent({ event = "", id, data }) {
      heard.push({ event, id, data: JSON.parse(data) as Record<string, unknown> });
      for (const look of waiting) look();
    },
  });
  const ended = (async () => {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) parser.feed(piece);
  })();
  // A server that is closed in the middle ends it so; a test that waits for the end sees it still.
  ended.catch(() => {});
  const until = (event: string, count = 1) =>
    new Promise<void>((resolve) => {
      const look = (): void => {
        if (heard.filter((one) => one.event === event).length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { heard, ended, until };
}

describe("the live server", () => {
  it("tells what ended before, then what ends, then that it is over, and lets go", async () => {
    const { server, end } = await start();
    end(1);
    const listener = await listen(server.url);
    await listener.until("progress");
    expect(listener.heard[0]).toEqual({
      event: "trial",
      id: "1",
      data: {
        index: 1,
        server: "sse-node",
        transport: "sse",
        scenario: "<b>\u001B[2J",
        repetition: 1,
        mark: "✓",
        word: "done",
        why: "",
        tookMs: 500,
        rate: 5000,
        lost: 0,
      },
    });
    expect(listener.heard[1]).toMatchObject({ event: "progress", data: { done: 1, planned: 3, elapsedMs: 1000 } });
    end(2);
    await listener.until("trial", 2);
    await server.finish({ status: "complete", report: "results/x/report.html", next: "pushbench report results/x" });
    await listener.ended;
    expect(listener.heard.at(-1)).toEqual({
      event: "end",
      id: undefined,
      data: { status: "complete", report: "results/x/report.html", next: "pushbench report results/x" },
    });
    await expect(fetch(server.url)).rejects.toThrow("fetch failed");
  });

  it("tells whoever comes back only what was missed", async () => {
    const { server, end } = await start();
    end(1);
    end(2);
    const listener = await listen(server.url, { "Last-Event-ID": "1" });
    await listener.until("progress");
    expect(listener.heard.filter(({ event }) => event === "trial").map(({ data }) => data["index"])).toEqual([2]);
  });

  it("looks at nothing while nobody listens, and at most twice a second while somebody does", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { server, looks } = await start();
      vi.advanceTimersByTime(10_000);
      expect(looks).not.toHaveBeenCalled();
      const listener = await listen(server.url);
      await listener.until("progress");
      const before = looks.mock.calls.length;
      vi.advanceTimersByTime(2000);
      await listener.until("progress", 5);
      // Each time for what has ended, and for where the run is.
      expect(looks.mock.calls.length - before).toBeLessThanOrEqual(8);
      expect(listener.heard.filter(({ event }) => event === "progress")).toHaveLength(5);
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends although a tab is open that reads nothing", async () => {
    const { server } = await start();
    const { port } = new URL(server.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    const closed = new Promise((resolve) => socket.once("close", resolve).once("error", () => {}));
    await server.finish({ status: "complete", report: "r", next: "n" });
    socket.resume();
    await closed;
  });

  it.each([
    ["another path", "GET", "/run.json", undefined, 404],
    ["what is no GET", "POST", "/", undefined, 405],
    ["a page elsewhere whose name leads here", "GET", "/events", "evil.example", 403],
    ["the page", "GET", "/", undefined, 200],
    ["the page by its other name", "GET", "/", "localhost", 200],
  ])("answers %s with %s %s and host %s by %d, under a policy that lets nothing in", async (_name, method, path, host, status) => {
    const { server } = await start();
    const { port } = new URL(server.url);
    const headers = { host: `${host ?? "127.0.0.1"}:${port}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: "127.0.0.1", port, method, path, headers }, (answer) => resolve(answer.resume()))
        .on("error", reject)
        .end();
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers["content-security-policy"]).toMatch(/^default-src 'none'; connect-src 'self'; .*script-src 'sha256-[^']+'; /);
    expect(String(response.headers["content-security-policy"])).not.toContain("unsafe");
  });

  it("says that a port is taken, and what to do", async () => {
    const { server } = await start();
    const { port } = new URL(server.url);
    await expect(serveLive(Number(port), startProgress.bind(undefined, 0))).rejects.toThrow(
      `--live ${port}: that port is taken: name another one, or none for a free one`,
    );
  });
});
