import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createReads } from "../transport.ts";
import { openSocket } from "../client/socket.ts";
import { sourceOf } from "./source.ts";

test("each process has an address of its own, and each of its subscribers a port", () => {
  const places = [1, 255, 256, 65_536, 4_194_303].map((pid) => sourceOf(pid, 0)!.host);
  expect(places).toEqual(["127.64.0.1", "127.64.0.255", "127.64.1.0", "127.65.0.0", "127.127.255.255"]);
  expect([0, 1, 20_000, 55_535].map((n) => sourceOf(7, n)!.port)).toEqual([10_000, 10_001, 30_000, 65_535]);
});

test("of one that holds more than there are ports the kernel may choose for the rest", () => {
  expect(sourceOf(7, 55_536)).toBeUndefined();
});

test.runIf(process.platform === "linux")("a connection comes from there, and may come from there again", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const from = sourceOf(process.pid, 3)!;
  for (let time = 0; time < 3; time++) {
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const socket = openSocket({ host: "127.0.0.1", port, from }, createReads(), {
      connected() {},
      read() {},
      failed: ({ message }) => expect.fail(message),
    });
    const [peer] = await accepted;
    expect([peer.remoteAddress, peer.remotePort]).toEqual([from.host, from.port]);
    socket.close();
    await once(peer.resume(), "close");
  }
});
