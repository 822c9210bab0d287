/** One list of behaviours, held against every server of the catalogue as a real process. Topics keep the tests apart. */
import { once } from "node:events";
import { constants, type ClientHttp2Session, type ClientSessionOptions } from "node:http2";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadCatalog } from "./catalog.ts";
import { target, type Client, type Held, type SubscribeQuery } from "./conformance/client.ts";
import { isHttp2 } from "./conformance/dispatcher.ts";
import { httpStream } from "./conformance/http-stream.ts";
import { libraryAnswers } from "./conformance/library-answers.ts";
import { longPolling, poll, polling, type Poll } from "./conformance/polling.ts";
import { openRelay, type Relay } from "./conformance/relay.ts";
import { firstEvents, post, rawStatus, sendAndLeave, sendAndWait, statusOf } from "./conformance/requests.ts";
import { runServe, startServer, type ServerProcess } from "./conformance/server-process.ts";
import { closedWith, openSession, openStreams } from "./conformance/session.ts";
import { sse } from "./conformance/sse.ts";
import { closed, maskedFrame, type OpenedSocket, type SocketOptions } from "./conformance/websocket-client.ts";
import { extendedConnect, websocketHttp2 } from "./conformance/websocket-http2.ts";
import { websocket } from "./conformance/websocket.ts";
import { MAX_MESSAGE_BYTES, publishLine, type PollAnswer } from "./contract.ts";

const CLIENTS: Readonly<Record<string, Client>> = {
  "http-stream": httpStream,
  "http-stream-http2": httpStream,
  "long-polling": longPolling,
  polling,
  sse,
  "sse-http2": sse,
  websocket,
  "websocket-http2": websocketHttp2,
};
const HISTORY = 64;
const FLAGS = ["--history-messages", String(HISTORY), "--heartbeat-ms", "200"];
const KIB_64 = 64 * 1024;
/** Twice what servers take of a head, and less than an HTTP/2 client refuses to send. */
const KIB_32 = 32 * 1024;
/** Streams that a reference server takes on one HTTP/2 connection. */
const STREAM_LIMIT = 250;
const BATCH_MS = 200;
/** A window that is over only when the test says so. */
const LONG_BATCH_MS = 10_000;
const HOLDS_NOTHING = "a poller holds nothing between two polls";

const variants = (await loadCatalog()).flatMap((entry) => {
  if (!entry.available) return [];
  return (entry.tls ? [false, true] : [false]).map((tls) => ({
    name: entry.name,
    over: tls ? "TLS" : "TCP",
    tls,
    transport: entry.transport,
    library: entry.library.name,
  }));
});

function clientOf(transport: string): Client {
  const client = CLIENTS[transport];
  if (client === undefined)
    throw new Error(`no client for transport "${transport}": write it in servers/conformance/ and name it in CLIENTS`);
  return client;
}

let topics = 0;
const freshTopic = (): string => `topic-${++topics}`;

/** Waits for the thing itself: until the assertions hold. */
const until = (assertions: () => Promise<void>): Promise<void> => vi.waitFor(assertions, { timeout: 5000, interval: 10 });

/** Waits until the server holds so many subscribers and no more. */
function expectHeld(server: ServerProcess, count: number): Promise<void> {
  return until(async () => expect(await server.stats()).toMatchObject({ connections: count, subscriptions: count }));
}

describe.each(variants)("$name over $over", ({ name, tls, transport, library }) => {
  const client = clientOf(transport);
  const flags = [...FLAGS, ...(tls ? ["--tls"] : [])];
  let server: ServerProcess;
  let idleDescriptors: number;

  beforeAll(async () => {
    server = await startServer(name, flags);
    idleDescriptors = await server.descriptors();
  });
  afterAll(async () => {
    await server.stop();
  });

  /** What each test leaves behind must be given back, whatever it was about. */
  const held: Pick<Held, "vanish">[] = [];
  afterEach(async () => {
    await Promise.all(held.splice(0).map((each) => each.vanish()));
    await expectHeld(server, 0);
  });

  async function subscribe(query: SubscribeQuery, to = server): Promise<Held> {
    const subscriber = await client.subscribe(to, query);
    held.push(subscriber);
    return subscriber;
  }

  /** The proof that it lives on: a subscriber gets a message. */
  async function expectAlive(): Promise<void> {
    const topic = freshTopic();
    const subscriber = await subscribe({ topic });
    await server.publish(topic, "alive");
    expect(await subscriber.take(1)).toEqual(["alive"]);
  }

  describe("messages", () => {
    test("a subscriber receives every message in order", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      const sent = Array.from({ length: HISTORY }, (_, index) => `message ${index}`);
      expect(await server.publish(topic, ...sent)).toEqual({ published: sent.length, refused: 0 });
      expect(await subscriber.take(sent.length)).toEqual(sent);
    });

    test("the hello of a new topic says that its first message will be 1", async () => {
      const subscriber = await subscribe({ topic: freshTopic() });
      expect(subscriber.hello).toEqual({ next: 1, missed: 0 });
    });

    test("the hello tells the next sequence number, and what came before is not sent", async () => {
      const topic = freshTopic();
      await server.publish(topic, "one", "two", "three");
      const subscriber = await subscribe({ topic });
      expect(subscriber.hello).toEqual({ next: 4, missed: 0 });
      await server.publish(topic, "four");
      expect(await subscriber.take(1)).toEqual(["four"]);
    });

    test("two topics do not mix", async () => {
      const [left, right] = [freshTopic(), freshTopic()];
      const [atLeft, atRight] = [await subscribe({ topic: left }), await subscribe({ topic: right })];
      const lines = ["l1", "r1", "r2", "l2", "l3", "r3"].map((text) => publishLine(text.startsWith("l") ? left : right, text));
      await server.publishBody(lines.join(""));
      expect(await atLeft.take(3)).toEqual(["l1", "l2", "l3"]);
      expect(await atRight.take(3)).toEqual(["r1", "r2", "r3"]);
    });

    test("publishing while nobody listens is counted and keeps the sequence", async () => {
      const topic = freshTopic();
      const before = await server.stats();
      expect(await server.publish(topic, "into the dark")).toEqual({ published: 1, refused: 0 });
      const after = await server.stats();
      expect(after.published - before.published).toBe(1);
      expect(after.delivered - before.delivered).toBe(0);
      const subscriber = await subscribe({ topic, after: 0 });
      expect(await subscriber.take(1)).toEqual(["into the dark"]);
    });

    test("a message of 64 KiB arrives whole", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      const payload = "0123456789abcdef".repeat(KIB_64 / 16);
      await server.publish(topic, payload, "small");
      expect(await subscriber.take(2)).toEqual([payload, "small"]);
    });

    test("a message is published as soon as its line is whole, while the request stays open", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const answer = server.publishBody(readable);
      const writer = writable.getWriter();
      for (const payload of ["first", "second"]) {
        await writer.write(Buffer.from(publishLine(topic, payload)));
        expect(await subscriber.take(1)).toEqual([payload]);
      }
      await writer.close();
      expect(await answer).toEqual({ published: 2, refused: 0 });
    });

    test("lines and characters cut anywhere by chunks arrive whole", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      const payloads = ["grüße", "日本語", "👋🏽 wave", "", "plain"];
      const bytes = Buffer.from(payloads.map((payload) => publishLine(topic, payload)).join(""));
      const single = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
          controller.close();
        },
      });
      expect(await server.publishBody(single)).toEqual({ published: payloads.length, refused: 0 });
      expect(await subscriber.take(payloads.length)).toEqual(payloads);
    });

    test("a payload with CR does not break the framing", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      await server.publish(topic, "left\rright\r", "next");
      expect(await subscriber.take(2)).toEqual([client.keepsCr ? "left\rright\r" : "left\nright\n", "next"]);
    });
  });

  describe("coming back", () => {
    test("a subscriber who comes back gets what it missed, then what is new", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      await server.publish(topic, "1", "2");
      await subscriber.take(2);
      await subscriber.leave();
      await server.publish(topic, "3", "4");
      const back = await subscribe({ topic, after: 2 });
      expect(back.hello).toEqual({ next: 3, missed: 0 });
      await server.publish(topic, "5");
      expect(await back.take(3)).toEqual(["3", "4", "5"]);
    });

    test("who missed nothing is told so", async () => {
      const topic = freshTopic();
      await server.publish(topic, "1");
      const back = await subscribe({ topic, after: 1 });
      expect(back.hello).toEqual({ next: 2, missed: 0 });
    });

    test("when history no longer reaches so far, the hello says how many are missing", async () => {
      const topic = freshTopic();
      const sent = Array.from({ length: HISTORY + 40 }, (_, index) => String(index + 1));
      await server.publish(topic, ...sent);
      const back = await subscribe({ topic, after: 10 });
      expect(back.hello).toEqual({ next: 41, missed: 30 });
      expect(await back.take(HISTORY)).toEqual(sent.slice(40));
    });

    test("a cursor that lies ahead of the topic is answered with null, for nobody can say", async () => {
      const topic = freshTopic();
      await server.publish(topic, "1", "2");
      const back = await subscribe({ topic, after: 7 });
      expect(back.hello).toEqual({ next: 3, missed: null });
      await server.publish(topic, "3");
      expect(await back.take(1)).toEqual(["3"]);
    });

    test("who comes back to more than the backpressure bound gets all of it", async () => {
      const topic = freshTopic();
      const sent = Array.from({ length: HISTORY }, (_, index) => String(index).padStart(3, "0").padEnd(KIB_64, "x"));
      await server.publish(topic, ...sent);
      const back = await subscribe({ topic, after: 0 });
      expect(back.hello).toEqual({ next: 1, missed: 0 });
      expect((await back.take(HISTORY)).map((payload) => [payload.length, Number(payload.slice(0, 3))])).toEqual(
        sent.map((_, index) => [KIB_64, index]),
      );
    });

    test("Last-Event-ID wins over the cursor in the URL", async ({ skip }) => {
      skip(client !== sse, "only event streams have a Last-Event-ID");
      const topic = freshTopic();
      await server.publish(topic, "1", "2", "3");
      expect(await firstEvents(server, target(client, { topic, after: 0 }), "2")).toContain(
        'data: {"next":3,"missed":0}\n\nid: 3\ndata: 3\n\n',
      );
      expect(await firstEvents(server, target(client, { topic, after: 0 }), "not-ours")).toContain('data: {"next":4,"missed":null}');
    });
  });

  describe.runIf(client === longPolling)("a held poll", () => {
    /** A poll the server holds. */
    async function hold(query: SubscribeQuery & { readonly wait?: number }, to = server): Promise<Poll> {
      const before = (await to.stats()).subscriptions;
      const wait = query.wait === undefined ? "" : `&wait=${query.wait}`;
      const asked = poll(to, `${target(client, query)}${wait}`);
      held.push(asked);
      await until(async () => expect((await to.stats()).subscriptions).toBe(before + 1));
      return asked;
    }

    test("is answered by the next message of its topic, and those published together come in one answer", async () => {
      const [topic, other] = [freshTopic(), freshTopic()];
      await server.publish(topic, "1");
      const polls = [await hold({ topic, after: 1 }), await hold({ topic, after: 1 })];
      const elsewhere = await hold({ topic: other, after: 0 });
      const { delivered } = await server.stats();
      await server.publish(topic, "2", "3", "grüße");
      for (const { answer } of polls) {
        expect(await answer).toEqual({ status: 200, body: { next: 5, missed: 0, messages: ["2", "3", "grüße"] } });
      }
      expect(await server.stats()).toMatchObject({ subscriptions: 1, delivered: delivered + 6 });
      await server.publish(other, "o");
      expect((await elsewhere.answer).body).toEqual({ next: 2, missed: 0, messages: ["o"] });
    });

    test("is answered at once with what arrived since the last one", async () => {
      const topic = freshTopic();
      const first = await hold({ topic, after: 0 });
      await server.publish(topic, "1");
      expect((await first.answer).body).toEqual({ next: 2, missed: 0, messages: ["1"] });
      await server.publish(topic, "2");
      await server.publish(topic, "3");
      const second = poll(server, target(client, { topic, after: 1 }));
      held.push(second);
      expect((await second.answer).body).toEqual({ next: 4, missed: 0, messages: ["2", "3"] });
    });

    test("is answered 204 without a body once its wait has passed, and its cursor stays good", async () => {
      const topic = freshTopic();
      const asked = performance.now();
      const silent = poll(server, `${target(client, { topic, after: 0 })}&wait=100`);
      held.push(silent);
      expect(await silent.answer).toEqual({ status: 204, body: undefined });
      expect(performance.now() - asked).toBeGreaterThanOrEqual(99);
      expect((await server.stats()).subscriptions).toBe(0);
      const again = await hold({ topic, after: 0, wait: 60_000 });
      await server.publish(topic, "1");
      expect((await again.answer).body).toEqual({ next: 2, missed: 0, messages: ["1"] });
    });

    test("is given up at once when its client vanishes", async () => {
      const topic = freshTopic();
      const gone = await hold({ topic, after: 0, wait: 60_000 });
      const { delivered } = await server.stats();
      await gone.vanish();
      await expectHeld(server, 0);
      await server.publish(topic, "to nobody");
      expect((await server.stats()).delivered).toBe(delivered);
    });

    test.each(["-1", "60001", "soon", ""])("a wait of %j is refused", async (wait) => {
      expect(await client.refused(server, `${target(client, { topic: freshTopic(), after: 0 })}&wait=${wait}`)).toBe(400);
    });

    test("one sent behind it cuts the connection", async () => {
      const topic = freshTopic();
      const request = `GET ${target(client, { topic, after: 0 })} HTTP/1.1\r\nhost: x\r\n\r\n`;
      await sendAndWait(server, request + request);
      await expectHeld(server, 0);
    });

    test("is answered 204 when the server ends", async () => {
      const own = await startServer(name, flags);
      const last = await hold({ topic: freshTopic(), after: 0 }, own);
      const { code, tookMs, stderr } = await own.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(tookMs).toBeLessThan(2000);
      expect(await last.answer).toEqual({ status: 204, body: undefined });
    });
  });

  describe("batches", () => {
    let batching: ServerProcess;
    const batchFlags = [...flags, "--heartbeat-ms", "0"];
    beforeAll(async () => {
      batching = await startServer(name, [...batchFlags, "--batch-ms", String(BATCH_MS)]);
    });
    afterAll(async () => {
      await batching.stop();
    });
    const relays: Relay[] = [];
    afterEach(() => {
      for (const relay of relays.splice(0)) relay.close();
    });
    async function through(to: ServerProcess): Promise<Relay> {
      const relay = await openRelay(to);
      relays.push(relay);
      return relay;
    }
    const sent = ["one", "two", "three", "four"];

    test("messages published within a window come together, in order, once it has passed", async () => {
      const topic = freshTopic();
      const relay = await through(batching);
      const first = client.holds ? await subscribe({ topic }, relay.server) : undefined;
      const before = relay.pieces();
      const from = performance.now();
      for (const message of sent) await batching.publish(topic, message);

      if (first === undefined) {
        let answer: unknown;
        do answer = (await poll(relay.server, target(client, { topic, after: 0 })).answer).body;
        while ((answer as PollAnswer).messages.length === 0);
        expect(answer).toEqual({ next: 5, missed: 0, messages: sent });
      } else {
        expect(await first.take(sent.length)).toEqual(sent);
        expect(relay.pieces() - before).toBe(1);
      }
      expect(performance.now() - from).toBeGreaterThanOrEqual(BATCH_MS - 1);
      expect(performance.now() - from).toBeLessThan(BATCH_MS + 1000);
    });

    test("without a window each message is written by itself", async ({ skip }) => {
      skip(!client.holds, HOLDS_NOTHING);
      const topic = freshTopic();
      const relay = await through(server);
      const subscriber = await subscribe({ topic }, relay.server);
      const before = relay.pieces();
      for (const message of sent) {
        await server.publish(topic, message);
        expect(await subscriber.take(1)).toEqual([message]);
      }
      expect(relay.pieces() - before).toBeGreaterThanOrEqual(sent.length);
    });

    // What is held back is the same over TLS, and this takes two windows.
    test.skipIf(tls)("who comes back in the middle of a window gets what it missed, then the batch, and nothing twice", async () => {
      const topic = freshTopic();
      const early = await subscribe({ topic }, batching);
      await batching.publish(topic, "1", "2");
      expect(await early.take(2)).toEqual(["1", "2"]);
      await batching.publish(topic, "3");
      const [back, late] = [await subscribe({ topic, after: 1 }, batching), await subscribe({ topic }, batching)];
      expect([back.hello, late.hello]).toEqual([
        { next: 2, missed: 0 },
        { next: 3, missed: 0 },
      ]);
      await batching.publish(topic, "4");
      expect(await back.take(3)).toEqual(["2", "3", "4"]);
      expect(await late.take(2)).toEqual(["3", "4"]);
      expect(await early.take(2)).toEqual(["3", "4"]);
    });

    test.skipIf(tls)("a server that stops in the middle of a window hands on first what it holds back", async ({ skip }) => {
      skip(client === polling, HOLDS_NOTHING);
      const own = await startServer(name, [...batchFlags, "--batch-ms", String(LONG_BATCH_MS)]);
      const topic = freshTopic();
      const heldPoll = client.holds ? undefined : poll(own, target(client, { topic, after: 0 }));
      const subscriber = client.holds ? await subscribe({ topic }, own) : undefined;
      await until(async () => expect((await own.stats()).subscriptions).toBe(1));
      await own.publish(topic, ...sent);
      expect(await own.stats()).toMatchObject({ published: 0, delivered: 0 });
      const { code, tookMs, stderr } = await own.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(tookMs).toBeLessThan(2000);
      if (heldPoll === undefined) expect(await subscriber!.take(sent.length)).toEqual(sent);
      else expect((await heldPoll.answer).body).toEqual({ next: 5, missed: 0, messages: sent });
    });
  });

  describe("connections", () => {
    test("a silent connection gets a heartbeat", async ({ skip }) => {
      if (client.heartbeat === undefined) return skip(HOLDS_NOTHING);
      await client.heartbeat(server, freshTopic());
    });

    test("who leaves is no longer counted", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      expect(await server.stats()).toMatchObject({ connections: 1, subscriptions: client.holds ? 1 : 0 });
      await subscriber.leave();
      await expectHeld(server, 0);
    });

    test("clients that vanish leave no descriptor and no subscription", async () => {
      const topic = freshTopic();
      const subscribers: Held[] = [];
      for (let count = 0; count < 20; count++) subscribers.push(await subscribe({ topic }));
      expect(await server.descriptors()).toBeGreaterThanOrEqual(idleDescriptors + 20);
      expect((await server.stats()).connections).toBe(20);
      await Promise.all(subscribers.map((each) => each.vanish()));
      await server.publish(topic, "to nobody");
      await expectHeld(server, 0);
      await until(async () => expect(await server.descriptors()).toBeLessThanOrEqual(idleDescriptors));
    });

    test("a slow reader is dropped at the bound and counted, while its neighbour gets everything at once", async ({ skip }) => {
      if (client.stall === undefined) return skip(HOLDS_NOTHING);
      // Without heartbeat, which would cut a WebSocket that reads no pings before the kernel's buffers are full.
      const own = await startServer(name, [...flags, "--heartbeat-ms", "0", "--backpressure-bytes", String(4 * KIB_64)]);
      const topic = freshTopic();
      const stalled = await client.stall(own, { topic });
      const neighbour = await subscribe({ topic }, own);
      const payload = "s".repeat(KIB_64);
      let sent = 0;
      // The kernel takes some megabytes before anything waits in the server; each message must reach the neighbour before the next.
      for (let dropped = 0; dropped === 0; sent++) {
        expect(sent).toBeLessThan(1000);
        await own.publish(topic, payload);
        expect((await neighbour.take(1))[0]).toHaveLength(KIB_64);
        dropped = (await own.stats()).droppedForBackpressure;
      }
      expect(await own.stats()).toMatchObject({ droppedForBackpressure: 1, delivered: 2 * sent - 1, published: sent });
      await expectHeld(own, 1);
      await stalled.readToEnd();
      await own.stop();
    });

    test("a client that vanishes in the middle of its replay is written no more", async ({ skip }) => {
      if (client.stall === undefined) return skip(HOLDS_NOTHING);
      const messages = 512;
      const own = await startServer(name, [...flags, "--heartbeat-ms", "0", "--history-messages", String(messages)]);
      const topic = freshTopic();
      await own.publish(topic, ...Array.from({ length: messages }, () => "r".repeat(KIB_64)));
      const stalled = await client.stall(own, { topic, after: 0 });
      expect((await own.stats()).subscriptions).toBe(1);
      await stalled.vanish();
      await expectHeld(own, 0);
      // The kernel takes some megabytes of the 32.
      expect((await own.stats()).delivered).toBeLessThan(messages / 2);
      await own.stop();
    });

    test("a WebSocket whose ping is not answered is cut", async ({ skip }) => {
      if (client.open === undefined) return skip("only WebSocket has pings");
      const { socket } = await client.open(server, target(client, { topic: freshTopic() }), { autoPong: false });
      expect(await closed(socket)).toBe(1006);
    });
  });

  describe.runIf(isHttp2(transport))("streams that share a connection", () => {
    const share = client.share!;
    const sessions: ClientHttp2Session[] = [];
    afterEach(() => {
      for (const session of sessions.splice(0)) session.destroy();
    });
    function connectTo(to: ServerProcess, options: ClientSessionOptions = {}): ClientHttp2Session {
      const session = openSession(to, options);
      sessions.push(session);
      return session;
    }

    test("each gets every message, and the connection costs one descriptor", async () => {
      const topic = freshTopic();
      const session = connectTo(server);
      const streams = await openStreams(share, session, target(client, { topic }), 100);
      await expectHeld(server, 100);
      // What other tests left is given back by and by.
      await until(async () => expect(await server.descriptors()).toBe(idleDescriptors + 1));
      await server.publish(topic, "to each");
      await Promise.all(streams.map((stream) => stream.until("to each")));
      for (const { stream } of streams.slice(0, 60)) stream.close(constants.NGHTTP2_CANCEL);
      await expectHeld(server, 40);
    });

    test("one slow stream is dropped at the bound with a code, while its neighbours on the connection get everything at once", async () => {
      const own = await startServer(name, [...flags, "--heartbeat-ms", "0", "--backpressure-bytes", String(4 * KIB_64)]);
      const topic = freshTopic();
      const session = connectTo(own);
      const [slow, ...neighbours] = await openStreams(share, session, target(client, { topic }), 3);
      slow!.stream.pause();
      const code = closedWith(slow!.stream);
      let sent = 0;
      for (let dropped = 0; dropped === 0; sent++) {
        // Its window of 64 KiB, four messages that wait, and the one that finds them.
        expect(sent).toBeLessThan(8);
        await own.publish(topic, `${sent}:${"s".repeat(KIB_64)}`);
        await Promise.all(neighbours.map((neighbour) => neighbour.until(`${sent}:`)));
        dropped = (await own.stats()).droppedForBackpressure;
      }
      await expectHeld(own, 2);
      slow!.stream.resume();
      expect(await code).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      await own.publish(topic, "after it");
      await Promise.all(neighbours.map((neighbour) => neighbour.until("after it")));
      await own.stop();
    });

    test("what passes the stream limit is refused, and the others go on", async () => {
      const topic = freshTopic();
      // As if the limit were not known yet, or the client would hold back what passes it.
      const session = connectTo(server, { peerMaxConcurrentStreams: 1000 });
      const asked = Array.from({ length: STREAM_LIMIT + 2 }, () => share(session, target(client, { topic }), () => {}));
      const codes = await Promise.all(asked.slice(STREAM_LIMIT).map(closedWith));
      expect(codes).toEqual([constants.NGHTTP2_REFUSED_STREAM, constants.NGHTTP2_REFUSED_STREAM]);
      await expectHeld(server, STREAM_LIMIT);
      expect(session.remoteSettings.maxConcurrentStreams).toBe(STREAM_LIMIT);
      asked[0]!.close(constants.NGHTTP2_CANCEL);
      await expectHeld(server, STREAM_LIMIT - 1);
      await openStreams(share, session, target(client, { topic }), 1);
      await expectHeld(server, STREAM_LIMIT);
    });

    test.runIf(client.open !== undefined)("a WebSocket that answers no ping is reset with CANCEL", async () => {
      const silent = connectTo(server).request(extendedConnect(target(client, { topic: freshTopic() })));
      silent.resume();
      expect(await closedWith(silent)).toBe(constants.NGHTTP2_CANCEL);
    });

    test("a ping is answered", async () => {
      const session = connectTo(server);
      await once(session, "connect");
      const payload = Buffer.from("pushbnch");
      const [error, , echoed] = await new Promise<[Error | null, number, Buffer]>((resolve) => {
        session.ping(payload, (...answer) => resolve(answer));
      });
      expect({ error, echoed }).toEqual({ error: null, echoed: payload });
    });

    test("a server that stops says GOAWAY without an error, and ends each stream", async () => {
      const own = await startServer(name, flags);
      const session = connectTo(own);
      const streams = await openStreams(share, session, target(client, { topic: freshTopic() }), 10);
      const goaway = once(session, "goaway");
      const ended = streams.map(({ stream }) => once(stream, "end"));
      const closing = once(session, "close");
      const { code, tookMs, stderr } = await own.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(tookMs).toBeLessThan(2000);
      expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
      await Promise.all(ended);
      expect(streams.map(({ stream }) => stream.rstCode)).toEqual(streams.map(() => constants.NGHTTP2_NO_ERROR));
      await closing;
    });
  });

  describe("sending", () => {
    let echoing: ServerProcess;
    beforeAll(async () => {
      echoing = await startServer(name, [...flags, "--echo"]);
    });
    afterAll(async () => {
      await echoing.stop();
    });

    test("what a subscriber sends comes back to it, and to nobody on another topic", async () => {
      const [topic, other] = [freshTopic(), freshTopic()];
      const [subscriber, neighbour] = [await subscribe({ topic }, echoing), await subscribe({ topic: other }, echoing)];
      const sent = ["one", "grüße 🚀", "x".repeat(KIB_64)];
      for (const message of sent) {
        if (subscriber.send === undefined) expect(await post(echoing, topic, message)).toBe(204);
        else subscriber.send(message);
      }
      expect(await subscriber.take(3)).toEqual(sent);
      await echoing.publish(other, "to the neighbour");
      expect(await neighbour.take(1)).toEqual(["to the neighbour"]);
      expect((await echoing.stats()).published).toBe(4);
    });

    const refused: [what: string, message: string | Buffer, status: number][] = [
      ["a message with CR", "left\rright", 400],
      ["a message with LF", "left\nright", 400],
      ["an empty message", "", 400],
      ["a message that is not UTF-8", Buffer.from([0xff, 0x61]), 400],
    ];
    describe.runIf(client.open === undefined)("beside the connection", () => {
      test.for(refused)("%s is refused, and not published", async ([, message, status], { skip }) => {
        skip(isHttp2(transport) && message.length === 0, "over HTTP/2 undici never ends an empty body");
        const { published } = await echoing.stats();
        expect(await post(echoing, freshTopic(), message)).toBe(status);
        expect((await echoing.stats()).published).toBe(published);
      });

      test("a message of more than 1 MiB is refused", async () => {
        const length = { "content-length": String(1024 * 1024 + 1) };
        expect(await rawStatus(echoing, `/send?topic=${freshTopic()}`, length, "POST")).toBe(413);
      });

      test.each([
        ["another method", "/send?topic=t", "PUT", 405],
        ["no topic", "/send", "POST", 400],
        ["an ill-formed topic", "/send?topic=a%20b", "POST", 400],
      ])("%s is refused", async (_what, path, method, status) => {
        expect(await statusOf(echoing, path, { method })).toBe(status);
      });
    });

    describe.runIf(client.open !== undefined)("on the connection", () => {
      test.each([
        ...refused.map(([what, message]): [string, string | Buffer, number] => [what, message, 1008]),
        ["a message of more than 1 MiB", "m".repeat(1024 * 1024 + 1), libraryAnswers(library).tooLongFrame] as const,
      ])("%s closes it with its code, and is not published", async (_what, message, code) => {
        const { published } = await echoing.stats();
        const { socket, inbox } = await client.open!(echoing, target(client, { topic: freshTopic() }));
        await inbox.next();
        socket.send(message, { binary: true });
        expect(await closed(socket)).toBe(code);
        expect((await echoing.stats()).published).toBe(published);
      });
    });

    test("is off unless it is asked for", async () => {
      expect(await post(server, freshTopic(), "anything")).toBe(404);
    });
  });

  describe.runIf(client.open !== undefined)("a WebSocket", () => {
    const opened: OpenedSocket[] = [];
    afterEach(() => {
      for (const { vanish } of opened.splice(0)) vanish();
    });
    async function open(to: ServerProcess, topic: string, options?: SocketOptions): Promise<OpenedSocket> {
      const socket = await client.open!(to, target(client, { topic }), options);
      opened.push(socket);
      expect(JSON.parse(await socket.inbox.next())).toEqual({ next: 1, missed: 0 });
      return socket;
    }
    const TEXTS = ["short", "", "grüße 🚀", "x".repeat(KIB_64)];

    test("gets its messages as binary frames where the server was started so", async () => {
      const own = await startServer(name, [...flags, "--binary"]);
      const topic = freshTopic();
      const { inbox } = await open(own, topic, { binary: true });
      await own.publish(topic, ...TEXTS);
      expect(await inbox.take(TEXTS.length)).toEqual(TEXTS);
      await own.stop();
    });

    describe("compressed", () => {
      let own: ServerProcess;
      beforeAll(async () => {
        own = await startServer(name, [...flags, "--compression"]);
      });
      afterAll(async () => {
        await own.stop();
      });

      test("messages arrive whole, beside one that did not ask for it", async () => {
        const topic = freshTopic();
        const [deflated, plain] = [await open(own, topic, { deflate: true }), await open(own, topic)];
        expect([deflated.socket.extensions, plain.socket.extensions]).toEqual(["permessage-deflate", ""]);
        await own.publish(topic, ...TEXTS);
        await own.publish(topic, "later");
        expect(await deflated.inbox.take(TEXTS.length + 1)).toEqual([...TEXTS, "later"]);
        expect(await plain.inbox.take(TEXTS.length + 1)).toEqual([...TEXTS, "later"]);
        expect(plain.bytesRead()).toBeGreaterThan(KIB_64);
        expect(deflated.bytesRead()).toBeLessThan(KIB_64 / 8);
      });

      test("each message is compressed by itself, however short, and what is sent again from history too", async () => {
        const topic = freshTopic();
        const { inbox, bytesRead } = await open(own, topic, { deflate: true });
        const before = bytesRead();
        const sent = Array.from({ length: 32 }, (_, i) => `${i}`.padEnd(512, "s"));
        await own.publish(topic, ...sent);
        expect(await inbox.take(sent.length)).toEqual(sent);
        const each = (bytesRead() - before) / sent.length;
        expect(each).toBeLessThan(100);
        const late = await client.open!(own, target(client, { topic, after: 0 }), { deflate: true });
        opened.push(late);
        await late.inbox.next();
        expect(await late.inbox.take(sent.length)).toEqual(sent);
        expect(late.bytesRead()).toBeLessThan((512 * sent.length) / 2);
      });

      test("what it sends compressed is understood, and bounded by what it inflates to", async () => {
        const echoing = await startServer(name, [...flags, "--compression", "--echo"]);
        const { socket, inbox } = await open(echoing, freshTopic(), { deflate: true });
        socket.send(TEXTS[3]!);
        expect(await inbox.next()).toBe(TEXTS[3]);
        const code = closed(socket);
        socket.send("z".repeat(2 * MAX_MESSAGE_BYTES));
        expect(await code).toBe(libraryAnswers(library).tooLongFrame);
        expect((await echoing.stats()).published).toBe(1);
        await echoing.stop();
      });
    });

    test("is not compressed where the server was not started so", async () => {
      const { socket } = await open(server, freshTopic(), { deflate: true });
      expect(socket.extensions).toBe("");
    });

    test("has its pings answered with the same bytes", async () => {
      const { socket } = await open(server, freshTopic());
      for (const bytes of [Buffer.alloc(0), Buffer.from("beat"), Buffer.alloc(125, 0xff)]) {
        const pong = once(socket, "pong");
        socket.ping(bytes);
        expect((await pong)[0]).toEqual(bytes);
      }
    });

    test.each([1000, 4000])("has its close code %i answered with the same", async (code) => {
      const { socket } = await open(server, freshTopic());
      const answered = closed(socket);
      socket.close(code, "bye");
      expect(await answered).toBe(code);
    });

    test.each<[string, Buffer, "brokenFrame" | "brokenClose" | "unmaskedFrame"]>([
      ["a close code that is not to be sent", maskedFrame(0x88, Buffer.of(0x03, 0xed)), "brokenClose"],
      ["a close code of 999", maskedFrame(0x88, Buffer.of(0x03, 0xe7)), "brokenClose"],
      ["half a close code", maskedFrame(0x88, Buffer.of(0x03)), "brokenClose"],
      ["a reserved opcode", maskedFrame(0x83, Buffer.from("x")), "brokenFrame"],
      ["a reserved control opcode", maskedFrame(0x8b, Buffer.from("x")), "brokenFrame"],
      ["reserved bits", maskedFrame(0xc1, Buffer.from("x")), "brokenFrame"],
      ["a fragmented ping", maskedFrame(0x09, Buffer.from("x")), "brokenFrame"],
      ["a continuation of nothing", maskedFrame(0x80, Buffer.from("x")), "brokenFrame"],
      // So many that one is whole for who takes the first bytes of a payload for a mask.
      ["frames without a mask", Buffer.from("\x82\x01x".repeat(3), "latin1"), "unmaskedFrame"],
    ])("that sends %s is closed with a code for it", async (_what, bytes, answer) => {
      const { socket, write } = await open(server, freshTopic());
      const code = closed(socket);
      write(bytes);
      expect(await code).toBe(libraryAnswers(library)[answer]);
      await expectAlive();
    });

    test("may send a message in fragments with a ping between, and it is understood as one", async () => {
      const echoing = await startServer(name, [...flags, "--echo"]);
      const { socket, inbox } = await open(echoing, freshTopic());
      function sendFragments(): void {
        socket.send("frag", { fin: false });
        socket.ping("between");
        socket.send("men", { fin: false });
        socket.send("ted", { fin: true });
      }
      const pong = once(socket, "pong");
      sendFragments();
      expect((await pong)[0]).toEqual(Buffer.from("between"));
      expect(await inbox.next()).toBe("fragmented");
      await echoing.stop();

      const silent = await open(server, freshTopic());
      const answered = closed(silent.socket);
      silent.socket.send("frag", { fin: false });
      silent.socket.ping("between");
      await once(silent.socket, "pong");
      silent.socket.send("mented", { fin: true });
      expect(await answered).toBe(1008);
    });
  });

  describe("bad input", () => {
    test.each([
      ["an unknown path", () => "/elsewhere?topic=t", 404],
      ["no topic", () => client.path, 400],
      ["an empty topic", () => `${client.path}?topic=`, 400],
      ["an ill-formed topic", () => `${client.path}?topic=a%20b`, 400],
      ["a topic of 65 letters", () => `${client.path}?topic=${"t".repeat(65)}`, 400],
      ["a broken escape", () => `${client.path}?topic=%zz`, 400],
      ["a cursor that is no number", () => `${client.path}?topic=t&${client.cursor}=x1`, 400],
      ["a negative cursor", () => `${client.path}?topic=t&${client.cursor}=-1`, 400],
      ["a request line of 32 KiB", () => `${client.path}?topic=${"t".repeat(KIB_32)}`, 431],
    ])("%s is refused", async (_what, path, status) => {
      const expected = status === 431 ? libraryAnswers(library).tooLongHead : [status];
      expect(expected).toContain(await client.refused(server, path()));
      await expectAlive();
    });

    test.each([
      ["another method", { method: "PUT" }, 405],
      ["headers of 32 KiB", { headers: { "x-large": "h".repeat(KIB_32) } }, 431],
    ])("%s is refused", async (_what, init, status) => {
      expect(await statusOf(server, target(client, { topic: freshTopic() }), init)).toBe(status);
      await expectAlive();
    });

    test("a body of 1 MiB is refused", async () => {
      const path = target(client, { topic: freshTopic() });
      const asked = client === websocketHttp2 ? extendedConnect(path) : {};
      const status = await rawStatus(server, path, { ...asked, "content-length": String(1024 * 1024) });
      expect(status).toBe(413);
      await expectAlive();
    });

    test("a malformed upgrade is refused", async ({ skip }) => {
      skip(client !== websocket, "only WebSocket over HTTP/1.1 is upgraded to");
      const path = target(client, { topic: freshTopic() });
      expect(await statusOf(server, path, {})).toBe(426);
      const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
      expect(await rawStatus(server, path, upgrade)).toBe(400);
      expect(await rawStatus(server, path, { ...upgrade, "sec-websocket-key": "too short" })).toBe(400);
      expect(await rawStatus(server, path, { ...upgrade, upgrade: "h2c" })).toBe(400);
      await expectAlive();
    });

    test("a malformed extended CONNECT is refused", async ({ skip }) => {
      skip(client !== websocketHttp2, "only WebSocket over HTTP/2 is asked for so");
      const path = target(client, { topic: freshTopic() });
      const asked = extendedConnect(path);
      expect(await statusOf(server, path, {})).toBe(405);
      expect(await rawStatus(server, path, { ...asked, ":protocol": "connect-udp" })).toBe(501);
      expect(await rawStatus(server, path, { ...asked, "sec-websocket-version": "12" })).toBe(400);
      const { "sec-websocket-version": _, ...versionless } = asked;
      expect(await rawStatus(server, path, versionless)).toBe(400);
      await expectAlive();
    });

    test.for<[string, Buffer, number]>([
      ["a data frame", Buffer.from("hello"), 1008],
      ["a frame of 64 KiB", Buffer.alloc(KIB_64), libraryAnswers(library).tooLongFrame],
    ])("%s from a client is answered with its close code", async ([, frame, code], { skip }) => {
      if (client.open === undefined) return skip("only a WebSocket's client can send frames");
      const { socket, inbox } = await client.open(server, target(client, { topic: freshTopic() }));
      await inbox.next();
      socket.send(frame);
      expect(await closed(socket)).toBe(code);
    });

    test("garbage on either port is no harm", async () => {
      const garbage = [
        Buffer.from("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage", "latin1"),
        Buffer.from("GET\r\n\r\n"),
        Buffer.from("POST /publish HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nnot a size\r\n"),
        Buffer.from(`GET ${target(client, { topic: "garbage" })} HTTP/1.1\r\nhost: x\r\n\r\n\0\xff\x81\x82`, "latin1"),
        Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151 + 89) % 256)),
        Buffer.alloc(0),
      ];
      for (const port of [server.ready.port, server.ready.controlPort]) {
        for (const bytes of garbage) await sendAndLeave(port, bytes);
      }
      await expectAlive();
    });

    test("lines that are refused are counted with the first reason, and do not stop the others", async () => {
      const topic = freshTopic();
      const subscriber = await subscribe({ topic });
      const body = [publishLine("no good", "x"), "no tab\n", publishLine(topic, "y".repeat(1024 * 1024 + 1)), publishLine(topic, "fine")];
      const answer = await server.publishBody(body.join(""));
      expect(answer).toMatchObject({ published: 1, refused: 3 });
      expect(answer.reason).toContain('"no good"');
      expect(await subscriber.take(1)).toEqual(["fine"]);
    });
  });

  describe("the process", () => {
    // What is asked for a port is the same over TLS, and two processes are half a second.
    test.skipIf(tls)("a port in use is named, exit 5", async () => {
      const [second, third] = await Promise.all([
        runServe([name, ...flags, "--port", String(server.ready.port)]),
        runServe([name, ...flags, "--control-port", String(server.ready.controlPort)]),
      ]);
      expect(second).toMatchObject({ code: 5 });
      expect(second.stderr).toMatch(/^cannot listen on 127\.0\.0\.1:\d+: the port is in use; .+--port.*\n$/);
      expect(third).toMatchObject({ code: 5 });
      expect(third.stderr).toMatch(/^cannot listen on 127\.0\.0\.1:\d+: the port is in use; .+--control-port.*\n$/);
    });

    test("SIGTERM ends held connections and an open publish request within 2 s", async () => {
      const own = await startServer(name, flags);
      const topic = freshTopic();
      const subscriber = await subscribe({ topic }, own);
      const half = connect(own.ready.port, "127.0.0.1").on("error", () => {});
      await once(half, "connect");
      half.write("GET /");
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const publishing = own.publishBody(readable).catch(() => "cut");
      const writer = writable.getWriter();
      writer.closed.catch(() => {});
      await writer.write(Buffer.from(publishLine(topic, "before the end")));
      expect(await subscriber.take(1)).toEqual(["before the end"]);

      const { code, tookMs, stderr } = await own.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(tookMs).toBeLessThan(2000);
      expect(await publishing).toBe("cut");
      if (client.holds) expect(await subscriber.ended).toBe(client.open === undefined ? "end" : 1001);
    });
  });
});
