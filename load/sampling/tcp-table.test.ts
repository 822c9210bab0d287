import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, it, onTestFinished } from "vitest";
import { portsTaken, readTcpTable, tcpRows } from "./tcp-table.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 3 1
   3: 0100007F:C002 0100007F:1F90 06 00000000:00000000 03:00001000 00000000     0        0 0 3
   4: 0200007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 4 1
   5: 0100007F:C003 0100007F:1F91 06 00000000:00000000 03:00001000 00000000     0        0 0 3
`;

it("a port is taken by who is connected and by who was, each client address and server port by itself", () => {
  expect(portsTaken(TABLE, [0x1f90, 0x1f91])).toBe(2);
  expect(portsTaken(TABLE, [0x1f91])).toBe(1);
  expect(portsTaken(TABLE, [0x1f92])).toBe(0);
  expect(portsTaken(TABLE, [])).toBe(0);
});

it("a row has both ends and whether it only waits", () => {
  expect([...tcpRows(TABLE)][3]).toEqual({
    localAddress: "0100007F",
    localPort: 0xc002,
    remoteAddress: "0100007F",
    remotePort: 0x1f90,
    isWaiting: true,
  });
});

/** Not every machine has IPv6. */
const LOOPBACK = Object.values(networkInterfaces()).flatMap((addresses = []) =>
  addresses.filter(({ internal }) => internal).map(({ address }) => address),
);

it.skipIf((await readTcpTable()) === undefined).for(LOOPBACK)(
  "the kernel's table has clients on %s, and keeps their ports when they have gone",
  async (host) => {
    const listener = createServer((socket) => socket.resume().on("end", () => socket.end())).listen(0, host);
    onTestFinished(() => void listener.close());
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const clients: Socket[] = [];
    for (let i = 0; i < 3; i++) {
      const client = connect(port, host);
      await once(client, "connect");
      clients.push(client);
    }
    expect(portsTaken((await readTcpTable())!, [port])).toBe(3);
    for (const client of clients) {
      client.resume().end();
      await once(client, "close");
    }
    const table = (await readTcpTable())!;
    expect(portsTaken(table, [port])).toBe(3);
    expect([...tcpRows(table)].filter(({ remotePort }) => remotePort === port).every(({ isWaiting }) => isWaiting)).toBe(true);
  },
);
