/** The way out to a foreign server, against servers that answer well, slowly, with refusals, or not at all. */
import { once } from "node:events";
import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type net from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { generate } from "selfsigned";
import { expect, onTestFinished, test, vi } from "vitest";
import type { PublishRequest } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { createEnvelopeReader } from "../envelope.ts";
import type { Address } from "../transport.ts";
import { openRequestOutlet, renderRequest } from "./request-outlet.ts";

const PAYLOAD_BYTES = 100;
const REQUEST: Omit<PublishRequest, "address"> = {
  method: "POST",
  path: "/publish/{topic}",
  headers: { "content-type": "application/json" },
  body: '{"text":"{message}"}',
};

async function listen(server: net.Server): Promise<Address> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server as http.Server).closeAllConnections();
    server.close();
  });
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

interface Received {
  readonly path: string;
  readonly sequence: number;
  readonly sentNs: number;
  readonly connection: number | undefined;
}

/** A handler that writes down what comes and lets `answer` answer. */
function recorder(answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const envelope = createEnvelopeReader();
    const { text: message } = JSON.parse(await text(request)) as { text: string };
    if (!envelope.read(Buffer.from(message), 0, message.length)) throw new Error(`no envelope: ${message}`);
    const { sequence, dueNs, lagNs } = envelope;
    received.push({ path: request.url!, sequence, sentNs: dueNs + lagNs, connection: request.socket.remotePort });
    answer(response, received.length);
  };
  return { received, handle: (request: IncomingMessage, response: ServerResponse) => void handle(request, response) };
}

interface Written {
  readonly topic: number;
  readonly sequence: number;
  readonly sentNs: number;
}

/** An outlet to `address`, and what it says. */
async function open(address: Address, topics = 1, request = REQUEST) {
  const written: Written[] = [];
  const broke = vi.fn<(error: Error) => void>();
  const outlet = await openRequestOutlet(
    { topicPrefix: "t", topics, payloadBytes: PAYLOAD_BYTES },
    { ...request, address },
    (topic, sequence, _dueNs, sentNs) => written.push({ topic, sequence, sentNs }),
    broke,
  );
  onTestFinished(async () => void (await outlet.end()));
  const put = (topic: number, sequence: number): boolean => outlet.put(topic, sequence, Math.round(nowNs()), Math.round(nowNs()));
  return { outlet, written, broke, put };
}

test("each message is a request of its own, in order on the connection of its topic, stamped when it is written", async () => {
  const { received, handle } = recorder((response) => setTimeout(() => response.end("ok"), 5));
  const { outlet, written, put } = await open(await listen(http.createServer(handle)), 3);
  for (let sequence = 1; sequence <= 10; sequence++) for (let topic = 0; topic < 3; topic++) put(topic, sequence);
  expect(outlet.waiting).toBe(27);
  expect(await outlet.settle()).toBe(0);
  expect(await outlet.end()).toEqual([{ published: 30, refused: 0 }]);
  expect(new Set(received.map(({ connection }) => connection)).size).toBe(3);
  for (let topic = 0; topic < 3; topic++) {
    const own = received.filter(({ path }) => path === `/publish/t-${topic}`);
    expect(own.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(own.map(({ sentNs }) => sentNs)).toEqual(written.filter((one) => one.topic === topic).map(({ sentNs }) => sentNs));
    // The last one waited for nine answers of 5 ms, which its stamp shows.
    expect(own.at(-1)!.sentNs - own[0]!.sentNs).toBeGreaterThan(9 * 4e6);
  }
});

test("many topics share a bounded number of connections", async () => {
  const { received, handle } = recorder((response) => response.end());
  const { outlet, put } = await open(await listen(http.createServer(handle)), 100);
  expect(outlet.connections).toBe(32);
  for (let topic = 0; topic < 100; topic++) put(topic, 1);
  await outlet.settle();
  expect(await outlet.end()).toEqual([{ published: 100, refused: 0 }]);
  expect(new Set(received.map(({ connection }) => connection)).size).toBe(32);
});

test("an answer other than 2xx is a refusal, and the first says why", async () => {
  const { handle } = recorder((response, count) =>
    count === 1 ? response.writeHead(202).end() : response.writeHead(count === 2 ? 413 : 503).end("too much\n"),
  );
  const address = await listen(http.createServer(handle));
  const { outlet, put } = await open(address);
  for (let sequence = 1; sequence <= 4; sequence++) put(0, sequence);
  await outlet.settle();
  expect(await outlet.end()).toEqual([{ published: 1, refused: 3, reason: `127.0.0.1:${address.port} answered 413 too much` }]);
});

test.each([
  ["says so", (response: ServerResponse) => response.setHeader("Connection", "close").end("ok")],
  ["ends the answer so", (response: ServerResponse) => void response.socket!.end("HTTP/1.1 200 OK\r\n\r\nok")],
])("a server that closes the connection after each answer and %s is connected to again", async (_, answer) => {
  const { received, handle } = recorder(answer);
  const { outlet, put, broke } = await open(await listen(http.createServer(handle)));
  for (let sequence = 1; sequence <= 5; sequence++) put(0, sequence);
  await outlet.settle();
  expect(await outlet.end()).toEqual([{ published: 5, refused: 0 }]);
  expect(received.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(broke).not.toHaveBeenCalled();
});

test("no message is risked on a connection that the server is about to close for idleness", async () => {
  const { received, handle } = recorder((response) => response.setHeader("Keep-Alive", "timeout=1").end());
  const { outlet, put } = await open(await listen(http.createServer(handle)));
  put(0, 1);
  await vi.waitFor(() => expect(outlet.unanswered).toBe(0));
  put(0, 2);
  await outlet.settle();
  expect(await outlet.end()).toEqual([{ published: 2, refused: 0 }]);
  expect(received[0]!.connection).not.toBe(received[1]!.connection);
});

test("a connection that breaks before the answer refuses that message alone", async () => {
  const { received, handle } = recorder((response, count) => (count === 2 ? response.socket!.destroy() : response.end()));
  const address = await listen(http.createServer(handle));
  const { outlet, put } = await open(address);
  for (let sequence = 1; sequence <= 4; sequence++) put(0, sequence);
  await outlet.settle();
  const [answer] = await outlet.end();
  expect(answer).toMatchObject({ published: 3, refused: 1 });
  expect(answer!.reason).toContain("before it had answered");
  expect(received.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});

test("what waits when the schedule is over is dropped and never written", async () => {
  const { received, handle } = recorder(() => {});
  const server = http.createServer(handle);
  const { outlet, written, put } = await open(await listen(server));
  for (let sequence = 1; sequence <= 4; sequence++) put(0, sequence);
  await outlet.settle();
  expect(written.map(({ sequence }) => sequence)).toEqual([1]);
  expect(outlet.waiting).toBe(0);
  server.closeAllConnections();
  expect(await outlet.end()).toMatchObject([{ published: 0, refused: 1 }]);
  expect(received).toHaveLength(1);
});

test("only so many messages may wait", async () => {
  const { handle } = recorder(() => {});
  const server = http.createServer(handle);
  const { outlet, put } = await open(await listen(server));
  let taken = 1;
  while (put(0, taken)) taken++;
  expect(outlet.stuck).toBe(true);
  expect(taken).toBe(100_001);
  await outlet.settle();
  expect(outlet.stuck).toBe(false);
  server.closeAllConnections();
});

test("a server that is not there is named, at the start and later", async () => {
  const server = http.createServer((_, response) => response.setHeader("Connection", "close").end());
  const address = await listen(server);
  const { put, broke } = await open(address);
  server.close();
  put(0, 1);
  put(0, 2);
  await vi.waitFor(() => expect(broke).toHaveBeenCalledOnce());
  expect(broke.mock.calls[0]![0].message).toMatch(`publish.url: 127.0.0.1:${address.port}: connect ECONNREFUSED`);
  await expect(open(address)).rejects.toThrow(`publish.url: 127.0.0.1:${address.port}: connect ECONNREFUSED`);
});

test("requests go over TLS to a server whose certificate is trusted, and to no other", async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const { handle } = recorder((response) => response.end());
  const address = await listen(https.createServer({ key, cert }, handle));
  const { outlet, put } = await open({ ...address, ca: cert });
  put(0, 1);
  await outlet.settle();
  expect(await outlet.end()).toEqual([{ published: 1, refused: 0 }]);
  await expect(open({ ...address, ca: "" })).rejects.toThrow(/self.signed/);
});

test("topic and message stand where the template says, in the length that is stated", () => {
  const { bytes, places } = renderRequest(
    {
      method: "PUT",
      path: "/{topic}?text={message}",
      headers: { host: "here", "x-topic": "{topic}" },
      body: "ä{topic}:{message},{message};{}",
    },
    "news",
    70,
  );
  for (const place of places) bytes.fill("m", place, place + 70);
  const message = "m".repeat(70);
  const body = `änews:${message},${message};{}`;
  expect(bytes.toString()).toBe(
    `PUT /news?text=${message} HTTP/1.1\r\nhost: here\r\nx-topic: news\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
});
