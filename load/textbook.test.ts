/** The experiments, as they are made: real servers, real sockets, a real browser. */
import { readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { ensureBuilt } from "./compiled.ts";
import { EXPERIMENTS, makeExperiments } from "./textbook.ts";
import type { ExperimentName, ExperimentRecord } from "./textbook-record.ts";
import { inLab } from "./textbook/lab.ts";
import type { Lab } from "./textbook/lab.ts";
import { openRelay } from "./textbook/relay.ts";

await ensureBuilt();

const figuresOf = (name: ExperimentName) => inLab(EXPERIMENTS[name], new AbortController().signal);

describe.concurrent("what an experiment finds", () => {
  test("the head of a WebSocket's frame is as long as RFC 6455 has it", async () => {
    expect(await figuresOf("websocket-frames")).toEqual({ down_100: 2, down_1000: 4, down_70000: 10, up_100: 6, up_1000: 8, up_70000: 14 });
  });

  test("a poll that repeats its headers is a fifth over HTTP/2", async () => {
    const { http1, http2 } = await figuresOf("poll-headers");
    // What is sent, to the byte but for the length of a date.
    expect(http1).toBeGreaterThan(550);
    expect(http1).toBeLessThan(650);
    expect(http2).toBeGreaterThan(40);
    expect(http2).toBeLessThan(160);
  });

  test("who says what it had last misses nothing of what came meanwhile, who does not all of it", async () => {
    expect(await figuresOf("coming-back")).toEqual({ published_away: 10, missed_sse: 0, missed_stream: 10 });
  });

  test("a connection for each poll leaves one socket each behind", async () => {
    const figures = await figuresOf("connection-per-poll");
    expect(figures["polls"]).toBe(200);
    // What others left on a port may be over meanwhile, or have come beside: a few.
    expect(Math.abs(figures["waiting_fresh"]! - 200)).toBeLessThan(20);
    expect(figures["waiting_kept"]).toBeLessThan(20);
    for (const name of ["kept", "fresh", "kept_tls", "fresh_tls"]) expect(figures[name]).toBeGreaterThan(0);
    expect(figures["fresh_tls"]).toBeGreaterThan(figures["kept_tls"]!);
  });

  test("a server without descriptors serves those that it holds, and takes others once some have left", async () => {
    const { held, refused, waiting, served, ...others } = await figuresOf("descriptors-exhausted");
    expect(others).toEqual({ limit: 128, asked: 160, released: 10, admitted: 10 });
    expect(held! + refused! + waiting!).toBe(160);
    // Some twenty are its own.
    expect(held).toBeGreaterThan(80);
    expect(held).toBeLessThan(128);
    expect(served).toBe(held);
  });

  test("the first word of the server takes one round trip, an answer two", async () => {
    const { sse, websocket, websocket_answer: answer } = await figuresOf("round-trips");
    for (const [found, trips] of [
      [sse, 1],
      [websocket, 1],
      [answer, 2],
    ] as const) {
      expect(found).toBeGreaterThan(trips - 0.3);
      expect(found).toBeLessThan(trips + 0.5);
    }
  });

  test("closed event sources leave nothing with the server", async () => {
    const { before, open, after, took_ms: _, ...others } = await figuresOf("closed-event-sources");
    expect(others).toEqual({ sources: 50, subscriptions: 0 });
    expect(open).toBe(before! + 50);
    expect(after).toBe(before);
  });

  test("a browser opens six streams over HTTP/1.1 and all of them over HTTP/2", async () => {
    expect(await figuresOf("browser-streams")).toEqual({ asked: 20, http1: 6, http2: 20 });
  });
});

describe("a relay", () => {
  test("counts each direction to the byte, and delays it", async () => {
    const echo = createServer((socket) => void socket.on("data", (bytes) => socket.write(Buffer.concat([bytes, bytes]))));
    await once(echo.listen(0, "127.0.0.1"), "listening");
    const relay = await openRelay({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port }, { delayMs: 30 });
    const socket = connect(relay.port, "127.0.0.1");
    try {
      const from = performance.now();
      socket.write("x".repeat(1000));
      let heard = 0;
      while (heard < 2000) heard += ((await once(socket, "data")) as [Buffer])[0].length;
      // Timers may be a ms early.
      expect(performance.now() - from).toBeGreaterThan(58);
      expect(relay.bytes()).toEqual({ up: 1000, down: 2000 });
      relay.cut();
      await once(socket, "close");
    } finally {
      relay.close();
      echo.close();
    }
  });
});

describe("the experiments of a run", () => {
  const made = (name: ExperimentName, failure?: string): ExperimentRecord => ({
    ...{ name, startedAt: "", durationMs: 1, figures: failure === undefined ? { some: 1 } : {} },
    ...(failure === undefined ? {} : { failure }),
  });
  const ALL = Object.keys(EXPERIMENTS) as ExperimentName[];

  test("those that have figures are kept, one that failed is made again, one that is interrupted is in no record", async () => {
    const stop = new AbortController();
    const begun: string[] = [];
    const kept = ALL.filter((name) => !["websocket-frames", "round-trips"].includes(name)).map((name) => made(name));
    const all = await makeExperiments([made("websocket-frames", "it rained"), ...kept], {
      signal: stop.signal,
      started(name) {
        begun.push(name);
        if (name === "round-trips") stop.abort();
      },
      ended: async () => {},
    });
    expect(begun).toEqual(["websocket-frames", "round-trips"]);
    expect(all.map(({ name }) => name)).toEqual([...kept.map(({ name }) => name), "websocket-frames"]);
    expect(all.at(-1)!.figures).toHaveProperty("down_100");
  });

  test("what fails or hangs leaves no process and no listener behind", async () => {
    const stop = new AbortController();
    let pid = 0;
    let port = 0;
    const hangs = async (lab: Lab): Promise<never> => {
      const server = await lab.start("sse-node");
      ({ pid } = server);
      ({ port } = await lab.relay(server.address));
      stop.abort(new Error("enough"));
      return new Promise(() => {});
    };
    await expect(inLab(hangs, stop.signal)).rejects.toThrow("enough");
    expect(readdirSync("/proc")).not.toContain(String(pid));
    await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
  });
});
