import net from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { nowNs } from "../clock.ts";
import { createReads, readTraffic } from "../transport.ts";
import type { Reads } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { countBytes, openSocket } from "./socket.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

/** A server, the first socket that it accepts, and how to say something to whoever connected. */
async function listen(): Promise<{ readonly port: number; readonly accepted: Promise<net.Socket> }> {
  const server = net.createServer();
  const accepted = new Promise<net.Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(async () => {
    server.close();
    (await accepted).destroy();
  });
  return { port: (server.address() as AddressInfo).port, accepted };
}

test("what is counted is what the other side wrote and read, each byte once, and arrives when it is read", async () => {
  const { port, accepted } = await listen();
  const reads: Reads = createReads();
  let heard = 0;
  let arrived: () => void = () => {};
  const moments: number[] = [];
  await new Promise<void>((connected, failed) => {
    const socket = openSocket({ host: "127.0.0.1", port }, reads, {
      connected() {
        socket.write("hello");
        connected();
      },
      read(_, end) {
        heard += end;
        moments.push(reads.receivedNs);
        arrived();
      },
      failed: ({ message }) => failed(new Error(message)),
    });
    cleanUp.push(() => socket.close());
  });
  const other = await accepted;
  await new Promise((resolve) => other.once("data", resolve));
  for (const bytes of [1, 1000, 30_000]) {
    const writtenNs = nowNs();
    const before = moments.length;
    const wanted = heard + bytes;
    other.write(Buffer.alloc(bytes));
    while (heard < wanted) await new Promise<void>((resolve) => (arrived = resolve));
    for (const moment of moments.slice(before)) expect(moment).toBeGreaterThan(writtenNs);
  }
  expect(readTraffic(reads)).toMatchObject({ bytesDown: other.bytesWritten, bytesUp: other.bytesRead });
  expect([other.bytesWritten, other.bytesRead]).toEqual([31_001, 5]);
});

test("what cannot be read fails the socket, with its kind and where it came from, and nothing is read after it", async () => {
  const { port, accepted } = await listen();
  let heard = 0;
  const failed = new Promise((resolve) => {
    openSocket({ host: "127.0.0.1", port }, createReads(), {
      connected() {},
      read() {
        heard++;
        throw new ProtocolError("no status line");
      },
      failed: resolve,
    });
  });
  const other = await accepted;
  const closed = new Promise((resolve) => other.resume().once("close", resolve));
  // Were it swallowed, the end of the connection would be what is told.
  other.end("nonsense");
  expect(await failed).toEqual({ kind: "protocol", message: `127.0.0.1:${port}: no status line` });
  await closed;
  expect(heard).toBe(1);
});

test("a socket that somebody else reads is counted once, however often it is asked for", async () => {
  const { port, accepted } = await listen();
  const reads = createReads();
  const socket = net.connect({ host: "127.0.0.1", port });
  cleanUp.push(() => socket.destroy());
  countBytes(socket, reads);
  const other = await accepted;
  for (const bytes of [10, 20]) {
    const wanted = socket.bytesRead + bytes;
    other.write(Buffer.alloc(bytes));
    while (socket.bytesRead < wanted) await new Promise((resolve) => socket.once("data", resolve));
    readTraffic(reads);
  }
  expect(readTraffic(reads)).toMatchObject({ bytesDown: 30, bytesUp: 0 });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.end("bye");
  socket.resume();
  other.resume().once("end", () => other.end());
  await closed;
  expect(readTraffic(reads)).toMatchObject({ bytesDown: 30, bytesUp: 3 });
});
