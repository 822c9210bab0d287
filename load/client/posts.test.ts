/** Posts of an HTTP/1.1 subscriber, against servers that close, refuse or dawdle. */
import { once } from "node:events";
import http from "node:http";
import type net from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { postingBeside } from "./posts.ts";
import { createReads } from "../transport.ts";
import type { ConnectionError } from "../transport.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step();
  vi.useRealTimers();
});

/** A server that takes messages as `answer` does. */
async function startServer(answer: (response: http.ServerResponse) => void) {
  const sockets: net.Socket[] = [];
  const messages: string[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      messages.push(body);
      answer(response);
    });
  });
  server.on("connection", (socket: net.Socket) => sockets.push(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  cleanUp.push(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  return { sockets, messages, address: { host: "127.0.0.1", port: (server.address() as net.AddressInfo).port } };
}

/** A subscriber that only sends: what receives beside it is open as soon as it is asked. */
async function openSender(address: { host: string; port: number }) {
  const errors: ConnectionError[] = [];
  let opened = (): void => {};
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  let receiverClosed = 0;
  const connection = postingBeside((_, events) => {
    events.opened(undefined, { tcpMs: 0, upgradeMs: 0 });
    return { close: () => receiverClosed++ };
  })(
    { address, topic: "t", pollIntervalMs: 1, pollConnection: "keep-alive", pollPhase: 0, streams: 1, compression: false, sends: true },
    { opened, payload() {}, failed: (error) => errors.push(error) },
    createReads(),
  );
  cleanUp.unshift(connection.close);
  await isOpen;
  return { up: connection.up!, errors, receiverClosed: () => receiverClosed };
}

test("its connection is there before the subscriber counts as open, and is kept for all it sends", async () => {
  const { address, sockets, messages } = await startServer((response) => response.writeHead(204).end());
  const { up, errors } = await openSender(address);
  expect(sockets).toHaveLength(1);
  for (const message of ["one", "two", "three"]) up.send(Buffer.from(message));
  await vi.waitFor(() => expect(messages).toEqual(["one", "two", "three"]));
  expect(sockets).toHaveLength(1);
  expect(errors).toEqual([]);
});

test("any answer but 204 fails the subscriber, and what it receives on is closed", async () => {
  const { address } = await startServer((response) => response.writeHead(503).end("busy"));
  const { up, errors, receiverClosed } = await openSender(address);
  up.send(Buffer.from("one"));
  await vi.waitFor(() => expect(errors).toMatchObject([{ kind: "http_status", message: expect.stringContaining("503") as string }]));
  expect(receiverClosed()).toBe(1);
});

test("a connection that the server closes for its silence is opened again; one that is closed over a message fails", async () => {
  let cut = false;
  const { address, sockets, messages } = await startServer((response) => {
    if (cut) response.socket!.destroy();
    else response.writeHead(204).end();
  });
  const { up, errors } = await openSender(address);
  // The clock alone: sockets are not held up.
  const now = vi.spyOn(performance, "now").mockImplementation(() => Number(process.hrtime.bigint()) / 1e6 + 10_000);
  cleanUp.push(() => now.mockRestore());
  sockets[0]!.end();
  await vi.waitFor(() => expect(sockets).toHaveLength(2));
  up.send(Buffer.from("after"));
  await vi.waitFor(() => expect(messages).toEqual(["after"]));
  expect(errors).toEqual([]);
  cut = true;
  up.send(Buffer.from("lost"));
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  expect(sockets).toHaveLength(2);
});

test("a server that closes at once is not asked again for ever", async () => {
  const { address, sockets } = await startServer((response) => response.end());
  const { errors } = await openSender(address);
  sockets[0]!.end();
  await vi.waitFor(() => expect(errors).toMatchObject([{ kind: "closed" }]));
  expect(sockets).toHaveLength(1);
});
