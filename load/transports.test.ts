/** One list of behaviours that both clients of every transport show against every reference server, and against servers that misbehave. */
import { once } from "node:events";
import http from "node:http";
import { constants, createServer } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Stream, Settings } from "node:http2";
import net from "node:net";
import type { Writable } from "node:stream";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as ws from "ws";
import { loadCatalog } from "../servers/catalog.ts";
import { publishLine } from "../servers/contract.ts";
import type { Hello, ServerStats } from "../servers/contract.ts";
import { startTarget } from "./target.ts";
import type { ServerScenario, Target } from "./target.ts";
import { createReads, loadTransport, readTraffic } from "./transport.ts";
import type { Address, Client, Connection, ConnectionError, OpenTimes, Reads, Subscription, Transport } from "./transport.ts";

/** ws exports its receiver; its types do not know. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

const CLIENTS: readonly Client[] = ["lean", "reference"];
const NAMES: Readonly<Record<Client, readonly string[]>> = {
  lean: transportsIn("./transports/"),
  reference: transportsIn("./transports/reference/"),
};
const SERVERS = (await loadCatalog()).flatMap((entry) => (entry.available ? entry : []));

function transportsIn(folder: string): string[] {
  return readdirSync(new URL(folder, import.meta.url)).flatMap((file) => (file.endsWith(".ts") ? file.replace(/\.ts$/, "") : []));
}

test("every transport has both clients", () => {
  expect(NAMES.reference).toEqual(NAMES.lean);
  expect(new Set(SERVERS.map(({ transport }) => transport))).toEqual(new Set(NAMES.lean));
});

/** What only an HTTP/1.1 client can read. */
const HTTP1_ANSWERS: readonly [string, string, boolean, ConnectionError["kind"]][] = [
  ["an error status", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", false, "http_status"],
  ["half an answer and an end", "HTTP/1.1 200 O", true, "closed"],
];
const isHttp2 = (name: string): boolean => name.endsWith("-http2");

interface Subscriber {
  readonly reads: Reads;
  readonly connection: Connection;
  readonly opened: Promise<{ hello: Hello; times: OpenTimes }>;
  readonly failed: Promise<ConnectionError>;
  /** How often it has failed. */
  failures(): number;
  /** Resolves with the first `count` payloads. */
  received(count: number): Promise<readonly string[]>;
}

type SubscribeOptions = { readonly reads?: Reads } & Partial<
  Pick<Subscription, "after" | "compression" | "streams" | "pollConnection" | "pollIntervalMs" | "sends">
>;

function subscribe(
  transport: Transport,
  address: Address,
  topic = "news",
  {
    reads = createReads(),
    after,
    compression = false,
    streams = 100,
    pollConnection = "keep-alive",
    pollIntervalMs = 20,
    sends = false,
  }: SubscribeOptions = {},
): Subscriber {
  let failures = 0;
  const payloads: string[] = [];
  let look = (): void => {};
  let opened: (value: { hello: Hello; times: OpenTimes }) => void;
  let failed: (error: ConnectionError) => void;
  const open = new Promise<{ hello: Hello; times: OpenTimes }>((resolve) => (opened = resolve));
  const fail = new Promise<ConnectionError>((resolve) => (failed = resolve));
  const connection = transport.subscribe(
    {
      address,
      topic,
      pollIntervalMs,
      pollConnection,
      pollPhase: 0.5,
      streams,
      compression,
      sends,
      ...(after === undefined ? {} : { after }),
    },
    {
      opened: (hello, times) => opened({ hello: hello!, times }),
      payload(bytes, start, end) {
        payloads.push(Buffer.from(bytes.subarray(start, end)).toString());
        look();
      },
      failed(error) {
        failures++;
        failed(error);
      },
    },
    reads,
  );
  return {
    reads,
    connection,
    opened: open,
    failed: fail,
    failures: () => failures,
    received: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (payloads.length >= count) resolve(payloads.slice(0, count));
        };
        look();
      }),
  };
}

function startServer(name: string, tls: boolean, heartbeatMs: number, options: Partial<ServerScenario> = {}): Promise<Target> {
  const scenario: ServerScenario = {
    instances: 1,
    historyMessages: 100,
    heartbeatMs,
    backpressureBytes: 2 ** 20,
    batchMs: 0,
    tls,
    frames: "text",
    compression: false,
    ...options,
  };
  return startTarget(name, scenario, () => {}, new AbortController().signal);
}

async function publishTo(target: Target, topic: string, ...payloads: string[]): Promise<void> {
  const { host, port } = target.controls[0]!;
  const body = payloads.map((payload) => publishLine(topic, payload)).join("");
  const answer = await fetch(`http://${host}:${port}/publish`, { method: "POST", body });
  expect(await answer.json()).toMatchObject({ published: payloads.length, refused: 0 });
}

/** A server that answers every connection's first bytes with `answer`, and ends it where `end` is set. */
async function misbehave(answer: string, end: boolean): Promise<{ address: Address; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => (end ? socket.end(answer) : socket.write(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: { host: "127.0.0.1", port: (server.address() as net.AddressInfo).port },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** An HTTP/2 server with these settings that answers each stream so. */
async function shareConnections(
  settings: Settings,
  answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
): Promise<SharingServer> {
  const server = createServer({ settings: { enableConnectProtocol: true, ...settings } });
  const sockets: net.Socket[] = [];
  let sessions = 0;
  server.on("connection", (socket: net.Socket) => sockets.push(socket));
  server.on("session", () => sessions++);
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    answer(stream, headers);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: { host: "127.0.0.1", port: (server.address() as net.AddressInfo).port },
    sessions: () => sessions,
    counted() {
      const sum = (of: (socket: net.Socket) => number): number => sockets.reduce((total, socket) => total + of(socket), 0);
      return { read: sum(({ bytesRead }) => bytesRead), written: sum(({ bytesWritten }) => bytesWritten) };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface SharingServer {
  readonly address: Address;
  /** Connections there were. */
  sessions(): number;
  /** Bytes of all connections. */
  counted(): { readonly read: number; readonly written: number };
  close(): Promise<void>;
}

async function statsOf(target: Target): Promise<ServerStats> {
  const { host, port } = target.controls[0]!;
  return (await (await fetch(`http://${host}:${port}/stats`)).json()) as ServerStats;
}

describe.each(SERVERS.flatMap((server) => [false, true].map((tls) => ({ ...server, tls, over: tls ? "TLS" : "TCP" }))))(
  "from $name over $over",
  ({ name: server, transport: name, tls }) => {
    const transports = {} as Record<Client, Transport>;
    let target: Target;
    beforeAll(async () => {
      for (const client of CLIENTS) transports[client] = await loadTransport(name, client);
      target = await startServer(server, tls, 0);
    });
    afterAll(() => target.stop());

    const publish = (topic: string, ...payloads: string[]): Promise<void> => publishTo(target, topic, ...payloads);

    test.each(CLIENTS)("the %s client hears the hello and then every message in order, bytes and times counted", async (client) => {
      const topic = `order-${client}`;
      await publish(topic, "before");
      const subscriber = subscribe(transports[client], target.addresses[0]!, topic);
      const { hello, times } = await subscriber.opened;
      expect(hello).toEqual({ next: 2, missed: 0 });
      expect(times.tcpMs).toBeGreaterThan(0);
      expect(times.upgradeMs).toBeGreaterThan(0);
      expect(times.tlsMs !== undefined).toBe(tls);
      const sent = Array.from({ length: 50 }, (_, i) => `message-${i}-${"x".repeat(i * 3)}`);
      await publish(topic, ...sent.slice(0, 20));
      await publish(topic, ...sent.slice(20));
      expect(await subscriber.received(50)).toEqual(sent);
      const { bytesDown, requests, bytesUp } = readTraffic(subscriber.reads);
      expect(bytesDown).toBeGreaterThan(sent.join("").length);
      expect(requests).toBeGreaterThanOrEqual(1);
      expect(bytesUp).toBeGreaterThan(0);
      subscriber.connection.close();
    });

    test.each(CLIENTS)("the %s client that comes back is told what came after the last message it has, and goes on", async (client) => {
      const topic = `back-${client}`;
      await publish(topic, "one", "two", "three", "four");
      const subscriber = subscribe(transports[client], target.addresses[0]!, topic, { after: 2 });
      await subscriber.opened;
      await publish(topic, "five");
      expect(await subscriber.received(3)).toEqual(["three", "four", "five"]);
      subscriber.connection.close();
    });

    test.each(CLIENTS)("the %s client reads messages larger than a read", async (client) => {
      const topic = `large-${client}`;
      const subscriber = subscribe(transports[client], target.addresses[0]!, topic);
      await subscriber.opened;
      const sent = ["a".repeat(65_536), "b".repeat(200_000), "c", "grüße 🚀".repeat(1000)];
      await publish(topic, ...sent);
      expect(await subscriber.received(4)).toEqual(sent);
      subscriber.connection.close();
    });

    test.skipIf(name.endsWith("polling"))("neither client takes a heartbeat for a message", async () => {
      // Whoever leaves a ping unanswered until the next one is cut off: on a busy machine too there is time enough.
      const beating = await startServer(server, tls, 250);
      const subscribers = CLIENTS.map((client) => subscribe(transports[client], beating.addresses[0]!));
      await Promise.all(subscribers.map(({ opened }) => opened));
      const before = subscribers.map(({ reads }) => readTraffic(reads).bytesDown);
      await vi.waitFor(() => {
        for (const [i, { reads }] of subscribers.entries()) expect(readTraffic(reads).bytesDown).toBeGreaterThan(before[i]!);
      });
      await publishTo(beating, "news", "after", "the beat");
      for (const { received } of subscribers) expect(await received(2)).toEqual(["after", "the beat"]);
      for (const { connection } of subscribers) connection.close();
      await beating.stop();
    });

    test.each(CLIENTS)("the %s client leaves nothing behind when it closes, open or not", async (client) => {
      const reads = createReads();
      const topic = `leave-${client}`;
      const subscribers = [1, 2, 3].map(() => subscribe(transports[client], target.addresses[0]!, topic, { reads }));
      await Promise.all(subscribers.map(({ opened }) => opened));
      for (const { connection } of subscribers) connection.close();
      subscribe(transports[client], target.addresses[0]!, topic, { reads }).connection.close();
      await vi.waitFor(async () => expect(await statsOf(target)).toMatchObject({ connections: 0, subscriptions: 0 }));
      await vi.waitFor(() => expect(reads.counters).toEqual(new Set()));
      expect(subscribers.map(({ failures }) => failures())).toEqual([0, 0, 0]);
    });

    test("the lean client sends, and gets back what it sent and nothing else", async () => {
      const echoing = await startServer(server, tls, 0, { pattern: "echo" });
      const reads = createReads();
      const open = (topic: string): Subscriber => subscribe(transports.lean, echoing.addresses[0]!, topic, { reads, sends: true });
      const [sender, neighbour] = [open("up"), open("beside")];
      await Promise.all([sender.opened, neighbour.opened]);
      const before = readTraffic(reads);
      const sent = Array.from({ length: 50 }, (_, i) => `message-${i}-${"x".repeat(i * 300)}`);
      const up = sender.connection.up!;
      // One buffer for all, as a worker has.
      const bytes = Buffer.alloc(20_000);
      for (const message of sent) up.send(bytes.subarray(0, bytes.write(message)));
      expect(await sender.received(50)).toEqual(sent);
      neighbour.connection.up!.send(Buffer.from("another"));
      expect(await neighbour.received(1)).toEqual(["another"]);
      expect(up.unsentBytes()).toBe(0);
      const { requests, bytesUp } = readTraffic(reads);
      expect(bytesUp - before.bytesUp).toBeGreaterThan(sent.join("").length);
      if (!name.endsWith("polling")) expect(requests - before.requests).toBe(name.startsWith("websocket") ? 0 : 51);
      expect(await statsOf(echoing)).toMatchObject({ published: 51 });
      expect([sender.failures(), neighbour.failures()]).toEqual([0, 0]);
      for (const { connection } of [sender, neighbour]) connection.close();
      await vi.waitFor(async () => expect(await statsOf(echoing)).toMatchObject({ connections: 0, subscriptions: 0 }));
      await echoing.stop();
    });

    test("a message that the server does not take fails the lean client with its kind", async () => {
      // It was not told to echo.
      const subscriber = subscribe(transports.lean, target.addresses[0]!, "refused", { sends: true });
      await subscriber.opened;
      subscriber.connection.up!.send(Buffer.from("anything"));
      expect((await subscriber.failed).kind).toBe(name.startsWith("websocket") ? "closed" : "http_status");
      subscriber.connection.close();
    });

    test("both clients say so when the server goes away", async () => {
      const subscribers = CLIENTS.map((client) => subscribe(transports[client], target.addresses[0]!));
      await Promise.all(subscribers.map(({ opened }) => opened));
      await target.stop();
      for (const { failed } of subscribers) expect((await failed).kind).toMatch(/^(closed|reset|refused)$/);
    });
  },
);

describe.each(SERVERS.filter(({ transport }) => transport.startsWith("websocket")))("from $name", ({ name: server, transport: name }) => {
  const sent = Array.from({ length: 40 }, (_, i) => `message-${i}-`.padEnd(500, "grüße "));

  test.each(CLIENTS.flatMap((client) => (["text", "binary"] as const).map((frames) => [client, frames] as const)))(
    "the %s client reads compressed %s frames, and what travelled is counted",
    async (client, frames) => {
      const target = await startServer(server, false, 0, { frames, compression: true });
      const subscriber = subscribe(await loadTransport(name, client), target.addresses[0]!, "news", { compression: true });
      await subscriber.opened;
      const { bytesDown } = readTraffic(subscriber.reads);
      await publishTo(target, "news", ...sent);
      expect(await subscriber.received(sent.length)).toEqual(sent);
      const each = (readTraffic(subscriber.reads).bytesDown - bytesDown) / sent.length;
      expect(each).toBeGreaterThan(20);
      expect(each).toBeLessThan(80);
      subscriber.connection.close();
      await target.stop();
    },
  );

  test.each(CLIENTS)("the %s client fails where compression was asked for and not agreed to", async (client) => {
    const target = await startServer(server, false, 0);
    const { failed } = subscribe(await loadTransport(name, client), target.addresses[0]!, "news", { compression: true });
    const { kind, message } = await failed;
    expect(kind).toBe("protocol");
    expect(message).toContain("compression was asked for, and the server did not agree to it");
    await target.stop();
  });
});

describe.each(CLIENTS.flatMap((client) => NAMES[client].map((name) => ({ name, client }))))("$name, $client client", ({ name, client }) => {
  let transport: Transport;
  let server: string;
  beforeAll(async () => {
    transport = await loadTransport(name, client);
    server = SERVERS.find((entry) => entry.transport === name)!.name;
  });

  test("is named after its file", () => expect(transport.name).toBe(name));

  const http2 = isHttp2(name);

  test.each<[string, string, boolean, ConnectionError["kind"]]>([
    ...(http2 ? [] : HTTP1_ANSWERS),
    ["garbage", "SSH-2.0-OpenSSH_9.6\r\n\r\n", false, "protocol"],
    [
      "a wrong kind of answer",
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
      false,
      name === "websocket" ? "http_status" : "protocol",
    ],
    ["an upgrade that is none", "HTTP/1.1 101 Switching Protocols\r\n\r\n", false, "protocol"],
    ["silence and an end", "", true, "closed"],
  ])("%s fails the connection with its kind", async (_, answer, end, kind) => {
    const { address, close } = await misbehave(answer, end);
    const subscriber = subscribe(transport, address);
    const error = await subscriber.failed;
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(`127.0.0.1:${address.port}`);
    await close();
  });

  describe.runIf(http2)("on a connection that subscribers share", () => {
    const HELLO = `{"next":1,"missed":0}`;
    const ANSWERS: Readonly<Record<string, { readonly type?: string; readonly hello: string }>> = {
      "sse-http2": { type: "text/event-stream", hello: `event: hello\ndata: ${HELLO}\n\n` },
      "http-stream-http2": { type: "text/plain", hello: `${HELLO}\n` },
      "websocket-http2": { hello: Buffer.from([0x81, HELLO.length]).toString("latin1") + HELLO },
    };
    const { type, hello: firstBytes } = ANSWERS[name] ?? { hello: "" };
    function respond(stream: ServerHttp2Stream): void {
      stream.respond({ ":status": 200, ...(type === undefined ? {} : { "content-type": type }) });
      stream.write(firstBytes, "latin1");
    }
    function respondAndEnd(stream: ServerHttp2Stream): void {
      respond(stream);
      stream.end();
    }
    function respondPage(stream: ServerHttp2Stream): void {
      stream.respond({ ":status": 200, "content-type": "text/html" });
      stream.write("<html>");
    }

    test.each<[string, (stream: ServerHttp2Stream) => void, ConnectionError["kind"]]>([
      ["an error status", (stream) => stream.respond({ ":status": 503 }), "http_status"],
      ["a wrong kind of answer", respondPage, "protocol"],
      ["an end", respondAndEnd, "closed"],
      ["a refused stream", (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), "refused"],
      ["a stream that is reset", (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR), "reset"],
      ["a connection that is cut", (stream) => stream.session!.destroy(), "closed"],
      ["a GOAWAY with an error", (stream) => stream.session!.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM), "closed"],
    ])("%s fails the subscriber with its kind", async (_, answer, kind) => {
      const shared = await shareConnections({}, answer);
      const error = await subscribe(transport, shared.address).failed;
      expect(error).toMatchObject({ kind });
      expect(error.message).toContain(`127.0.0.1:${shared.address.port}`);
      await shared.close();
    });

    test("one that dies fails them all, each once; one stream that is reset fails alone", async () => {
      const streams: ServerHttp2Stream[] = [];
      const shared = await shareConnections({}, (stream) => void streams.push(stream));
      const reads = createReads();
      const subscribers = Array.from({ length: 5 }, () => subscribe(transport, shared.address, "news", { reads }));
      await vi.waitFor(() => expect(streams).toHaveLength(5));
      expect(shared.sessions()).toBe(1);
      streams[0]!.close(constants.NGHTTP2_INTERNAL_ERROR);
      const [alone, ...others] = subscribers;
      expect(await alone!.failed).toMatchObject({ kind: "reset" });
      expect(others.map(({ failures }) => failures())).toEqual([0, 0, 0, 0]);
      streams[1]!.session!.destroy();
      expect((await Promise.all(others.map(({ failed }) => failed))).map(({ kind }) => kind)).toEqual(Array(4).fill("closed"));
      expect(subscribers.map(({ failures }) => failures())).toEqual([1, 1, 1, 1, 1]);
      await shared.close();
    });

    test("as many share one as were wanted, and its opening is told to the one that opened it", async () => {
      const target = await startServer(server, true, 0);
      const reads = createReads();
      const subscribers = Array.from({ length: 25 }, () => subscribe(transport, target.addresses[0]!, "news", { reads, streams: 10 }));
      const times = (await Promise.all(subscribers.map(({ opened }) => opened))).map((opened) => opened.times);
      expect(times.filter(({ tcpMs, tlsMs }) => tcpMs > 0 && tlsMs! > 0)).toHaveLength(3);
      expect(times.filter(({ tcpMs, tlsMs }) => tcpMs === 0 && tlsMs === 0)).toHaveLength(22);
      expect(times.every(({ upgradeMs }) => upgradeMs > 0)).toBe(true);
      expect(readTraffic(reads).requests).toBe(25);
      await publishTo(target, "news", "to all");
      for (const { received } of subscribers) expect(await received(1)).toEqual(["to all"]);
      for (const { connection } of subscribers) connection.close();
      await vi.waitFor(async () => expect(await statsOf(target)).toMatchObject({ connections: 0 }));
      await target.stop();
    });

    test("a server that takes fewer streams than wanted gets more connections, and nobody waits", async () => {
      const shared = await shareConnections({ maxConcurrentStreams: 4 }, (stream) => stream.respond({ ":status": 503 }));
      const reads = createReads();
      const subscribers = Array.from({ length: 10 }, () => subscribe(transport, shared.address, "news", { reads }));
      expect((await Promise.all(subscribers.map(({ failed }) => failed))).map(({ kind }) => kind)).toEqual(Array(10).fill("http_status"));
      expect(shared.sessions()).toBe(3);
      expect(readTraffic(reads).movedStreams).toBe(6);
      await shared.close();
    });

    test.runIf(client === "lean" && type !== undefined)(
      "who posts leaves room for that, and a server without such room refuses",
      async () => {
        const posted: string[] = [];
        const shared = await shareConnections({ maxConcurrentStreams: 5 }, (stream, headers) => {
          if (headers[":method"] === "GET") return respond(stream);
          posted.push(headers[":path"]!);
          // Not answered: the next one waits.
        });
        const reads = createReads();
        const subscribers = Array.from({ length: 4 }, (_, i) => subscribe(transport, shared.address, `t${i}`, { reads, sends: true }));
        await Promise.all(subscribers.map(({ opened }) => opened));
        expect(shared.sessions()).toBe(2);
        for (const { connection } of subscribers) for (const message of ["one", "two"]) connection.up!.send(Buffer.from(message));
        await vi.waitFor(() => expect(posted.toSorted()).toEqual(["t0", "t1", "t2", "t3"].map((topic) => `/send?topic=${topic}`)));
        // What has not left this process is what waits.
        await vi.waitFor(() => expect(subscribers.map(({ connection }) => connection.up!.unsentBytes())).toEqual([3, 3, 3, 3]));
        for (const { connection } of subscribers) connection.close();
        await shared.close();
        const narrow = await shareConnections({ maxConcurrentStreams: 1 }, respond);
        expect(await subscribe(transport, narrow.address, "news", { sends: true }).failed).toMatchObject({ kind: "refused" });
        await narrow.close();
      },
    );

    test("a server that takes no streams at all refuses", async () => {
      const shared = await shareConnections({ maxConcurrentStreams: 0 }, () => {});
      expect(await subscribe(transport, shared.address).failed).toMatchObject({ kind: "refused" });
      await shared.close();
    });

    test.runIf(name === "websocket-http2")("a server that does not offer the extended CONNECT is not asked for it", async () => {
      let asked = 0;
      const shared = await shareConnections({ enableConnectProtocol: false }, () => asked++);
      const reads = createReads();
      const subscribers = [1, 2, 3].map(() => subscribe(transport, shared.address, "news", { reads }));
      for (const { failed } of subscribers) {
        const { kind, message } = await failed;
        expect(kind).toBe("protocol");
        expect(message).toContain(`127.0.0.1:${shared.address.port} takes no WebSocket over HTTP/2`);
      }
      expect({ asked, requests: readTraffic(reads).requests }).toEqual({ asked: 0, requests: 0 });
      await shared.close();
    });

    test.runIf(name === "websocket-http2")("who leaves says so with code 1000, and answers pings until then", async () => {
      const receiver = new Receiver({ isServer: true });
      const [pong, conclude] = [once(receiver, "pong"), once(receiver, "conclude")];
      const shared = await shareConnections({}, (stream) => {
        respond(stream);
        stream.write(Buffer.from([0x89, 4, ...Buffer.from("beat")]));
        stream.pipe(receiver);
      });
      const { connection } = subscribe(transport, shared.address);
      expect(await pong).toEqual([Buffer.from("beat")]);
      connection.close();
      expect((await conclude)[0]).toBe(1000);
      await shared.close();
    });

    test("what is read and written is counted at the connection, frames and headers included", async () => {
      const shared = await shareConnections({}, respond);
      const { reads, opened, connection } = subscribe(transport, shared.address);
      await opened;
      // Until the acknowledgements of the settings are through.
      await vi.waitFor(() => {
        const { read, written } = shared.counted();
        expect(read).toBeGreaterThan(100);
        expect(readTraffic(reads)).toEqual({ bytesDown: written, bytesUp: read, requests: 1, reconnects: 0, movedStreams: 0 });
      });
      connection.close();
      await shared.close();
    });
  });

  test("a port where nobody listens is refused, with the address", async () => {
    const { address, close } = await misbehave("", true);
    await close();
    const error = await subscribe(transport, address).failed;
    expect(error).toMatchObject({ kind: "refused" });
    expect(error.message).toContain(String(address.port));
  });
});

test.each(CLIENTS)("a long poll of the %s client that hears nothing is asked again as before, on the same connection", async (client) => {
  const hello = JSON.stringify({ next: 3, missed: 0, messages: [] });
  const news = JSON.stringify({ next: 5, missed: 0, messages: ["c", "d"] });
  const script = [hello, undefined, undefined, news];
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = http.createServer((request, response) => {
    sockets.add(request.socket);
    const body = script[asked.push(request.url!) - 1];
    // The last one is held.
    if (asked.length <= script.length) response.writeHead(body === undefined ? 204 : 200).end(body);
    else server.emit("held");
  });
  const held = once(server, "held");
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = { host: "127.0.0.1", port: (server.address() as net.AddressInfo).port };
  const subscriber = subscribe(await loadTransport("long-polling", client), address);
  expect((await subscriber.opened).hello).toEqual({ next: 3, missed: 0 });
  expect(await subscriber.received(2)).toEqual(["c", "d"]);
  await held;
  const from = "/long-poll?topic=news";
  expect(asked).toEqual([from, `${from}&after=2`, `${from}&after=2`, `${from}&after=2`, `${from}&after=4`]);
  expect(sockets.size).toBe(1);
  expect(subscriber.reads.traffic.requests).toBe(5);
  subscriber.connection.close();
  await new Promise((resolve) => server.close(resolve));
});

/** A server that always has one more message than it is asked for; `handle` gets each poll, counted from 1, and its right answer. */
async function answerPolls(handle: (response: http.ServerResponse, poll: number, answer: string) => void): Promise<PollServer> {
  const sockets: net.Socket[] = [];
  const server = http.createServer((request, response) => {
    const after = new URL(request.url!, "http://server").searchParams.get("after");
    const next = after === null ? 1 : Number(after) + 2;
    const answer = JSON.stringify({ next, missed: 0, messages: after === null ? [] : [`message-${next - 1}`] });
    handle(response, sockets.push(request.socket), answer);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: { host: "127.0.0.1", port: (server.address() as net.AddressInfo).port },
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface PollServer {
  readonly address: Address;
  /** Of each poll, the connection it came on. */
  readonly sockets: readonly net.Socket[];
  close(): Promise<void>;
}

/** A connection of its own that ends as soon as the answer is out. */
const answerAndCut = (response: http.ServerResponse, answer: string): void => {
  const { socket } = response;
  response.end(answer, () => socket?.end());
};

describe.each([
  { how: "on a grid", client: "lean", pollIntervalMs: 20 },
  { how: "on a grid", client: "reference", pollIntervalMs: 20 },
  { how: "in a closed loop", client: "lean", pollIntervalMs: 0 },
  { how: "in a closed loop", client: "reference", pollIntervalMs: 0 },
] as const)("a poller $how, $client client", ({ client, pollIntervalMs }) => {
  const four = ["message-1", "message-2", "message-3", "message-4"];
  let polling: Transport;
  beforeAll(async () => {
    polling = await loadTransport("polling", client);
  });

  test("keeps one connection for all its polls, and asks from where the last answer left off", async () => {
    const { address, sockets, close } = await answerPolls((response, _, answer) => response.end(answer));
    const subscriber = subscribe(polling, address, "news", { pollIntervalMs });
    expect(await subscriber.received(4)).toEqual(four);
    subscriber.connection.close();
    expect(new Set(sockets).size).toBe(1);
    // One may be on its way.
    expect([sockets.length, sockets.length + 1]).toContain(subscriber.reads.traffic.requests);
    expect(subscriber.reads.traffic.reconnects).toBe(0);
    await close();
  });

  // autocannon keeps its connections, and the suite says so.
  test.skipIf(pollIntervalMs === 0 && client === "reference")("opens a connection for each poll where it is told to", async () => {
    const { address, sockets, close } = await answerPolls((response, _, answer) => response.end(answer));
    const subscriber = subscribe(polling, address, "news", { pollIntervalMs, pollConnection: "per-poll" });
    expect(await subscriber.received(4)).toEqual(four);
    subscriber.connection.close();
    expect(sockets.length).toBeGreaterThanOrEqual(5);
    expect(new Set(sockets).size).toBe(sockets.length);
    expect(subscriber.reads.traffic.reconnects).toBe(0);
    await close();
  });

  test("opens another connection where the server closed it between two polls, and goes on", async () => {
    const { address, sockets, close } = await answerPolls((response, _, answer) => answerAndCut(response, answer));
    const subscriber = subscribe(polling, address, "news", { pollIntervalMs });
    expect(await subscriber.received(4)).toEqual(four);
    subscriber.connection.close();
    expect(new Set(sockets).size).toBeGreaterThanOrEqual(5);
    expect(subscriber.reads.traffic.reconnects).toBeGreaterThanOrEqual(4);
    expect(subscriber.failures()).toBe(0);
    await close();
  });

  test("asks once more, on a new connection, where a kept one was closed as it was asked", async () => {
    const { address, close } = await answerPolls((response, poll, answer) => {
      if (poll === 3) response.socket?.destroy();
      else response.end(answer);
    });
    const subscriber = subscribe(polling, address, "news", { pollIntervalMs });
    expect(await subscriber.received(3)).toEqual(["message-1", "message-2", "message-3"]);
    subscriber.connection.close();
    expect(subscriber.reads.traffic.reconnects).toBe(1);
    expect(subscriber.failures()).toBe(0);
    await close();
  });

  test("fails where it is closed again as it is asked once more", async () => {
    const { address, sockets, close } = await answerPolls((response, poll, answer) => {
      if (poll > 2) response.socket?.destroy();
      else response.end(answer);
    });
    const subscriber = subscribe(polling, address, "news", { pollIntervalMs });
    expect((await subscriber.failed).kind).toMatch(/^(closed|reset)$/);
    expect(sockets).toHaveLength(4);
    await close();
  });

  test("fails where the connection ends within an answer", async () => {
    const { address, sockets, close } = await answerPolls((response, poll, answer) => {
      response.setHeader("content-length", answer.length);
      if (poll === 3) response.write(answer.slice(0, 10), () => response.socket?.end());
      else response.end(answer);
    });
    const subscriber = subscribe(polling, address, "news", { pollIntervalMs });
    expect((await subscriber.failed).kind).toBe("closed");
    expect(sockets).toHaveLength(3);
    await close();
  });

  test("fails with an error status", async () => {
    const { address, close } = await answerPolls((response, poll, answer) => response.writeHead(poll === 3 ? 500 : 200).end(answer));
    expect((await subscribe(polling, address, "news", { pollIntervalMs }).failed).kind).toBe("http_status");
    await close();
  });
});

test.each(CLIENTS)("a long poll of the %s client goes on where its connection is closed behind each answer", async (client) => {
  const { address, sockets, close } = await answerPolls((response, _, answer) => answerAndCut(response, answer));
  const subscriber = subscribe(await loadTransport("long-polling", client), address);
  expect(await subscriber.received(3)).toEqual(["message-1", "message-2", "message-3"]);
  subscriber.connection.close();
  expect(new Set(sockets).size).toBeGreaterThanOrEqual(4);
  expect(subscriber.reads.traffic.reconnects).toBeGreaterThanOrEqual(3);
  expect(subscriber.failures()).toBe(0);
  await close();
});
