import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { findCommand } from "../find-command.ts";
import { parseSockets, readSockets } from "./sockets.ts";

const signal = new AbortController().signal;

/** A connection, and the port that its server end has. */
async function connection(): Promise<{ readonly server: Socket; readonly client: Socket; readonly port: number }> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const client = connect(port, "127.0.0.1");
  const [server] = (await once(listener, "connection")) as [Socket];
  onTestFinished(() => {
    client.destroy();
    server.destroy();
    listener.close();
  });
  return { server, client, port };
}

describe.skipIf(findCommand("ss") === undefined)("sockets of a server", () => {
  it("have sent the bytes and segments that were written", async () => {
    const { server, client, port } = await connection();
    for (let i = 0; i < 20; i++) {
      server.write(Buffer.alloc(100 + i));
      await once(client, "data");
    }
    const sockets = await readSockets([port], signal);
    expect([...sockets!.values()]).toEqual([{ bytesSent: 2190, segmentsSent: 20, queuedBytes: 0 }]);
    expect([...sockets!.keys()]).toEqual([`127.0.0.1:${port} 127.0.0.1:${client.localPort}`]);
  });

  it("hold what a peer that does not read leaves them with, as /proc/net/tcp has it", async () => {
    const { server, client, port } = await connection();
    client.pause();
    let all = 0;
    // Until the kernel takes no more, so that nothing moves between the two looks.
    while (server.write(Buffer.alloc(1 << 20)) || server.writableLength < 32 << 20) all++;
    expect(all).toBeGreaterThan(0);
    const queue = (): number => {
      const hex = port.toString(16).toUpperCase().padStart(4, "0");
      const line = new RegExp(`^ *\\d+: \\w+:${hex} \\w+:\\w+ 01 (\\w+):`, "m").exec(readFileSync("/proc/net/tcp", "latin1"));
      return Number.parseInt(line![1]!, 16);
    };
    await expect
      .poll(async () => {
        const [before, sockets, after] = [queue(), await readSockets([port], signal), queue()];
        return before === after && before > 0 ? [...sockets!.values()][0]!.queuedBytes - before : undefined;
      })
      .toBe(0);
  });

  it("are those of the ports asked for, and none where there are none", async () => {
    const { port } = await connection();
    const { port: other } = await connection();
    expect((await readSockets([port, other], signal))!.size).toBe(2);
    expect((await readSockets([port], signal))!.size).toBe(1);
    expect(await readSockets([], signal)).toBeUndefined();
  });
});

it("reads a line a connection, a counter that is 0 being left out", () => {
  const text = [
    "0      742    127.0.0.1:34857 127.0.0.1:33404 cubic wscale:10,10 rto:212 mss:37376 bytes_sent:38469 bytes_retrans:20 bytes_acked:37727 segs_out:103 segs_in:105 data_segs_out:102 data_segs_in:102 send 597352275bps",
    "0      0      [::ffff:127.0.0.1]:34857  [::ffff:127.0.0.1]:33476 cubic wscale:10,10 rto:212",
    "",
  ].join("\n");
  expect(parseSockets(text)).toEqual(
    new Map([
      ["127.0.0.1:34857 127.0.0.1:33404", { bytesSent: 38469, segmentsSent: 102, queuedBytes: 742 }],
      ["[::ffff:127.0.0.1]:34857 [::ffff:127.0.0.1]:33476", { bytesSent: 0, segmentsSent: 0, queuedBytes: 0 }],
    ]),
  );
});
