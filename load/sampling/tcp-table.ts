/** The kernel's table of TCP sockets. Those in TIME_WAIT are in it, whose ports stay taken though no process holds them any more. */
import { readFile } from "node:fs/promises";

/** A row of the table; addresses are as the kernel writes them, hexadecimal. */
export interface TcpRow {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly isWaiting: boolean;
}

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** TCP_TIME_WAIT of net/tcp_states.h. */
const TIME_WAIT = "06";

/** The tables of this network namespace as text; `undefined` where there are none. */
export async function readTcpTable(): Promise<string | undefined> {
  const tables = await Promise.all(TABLES.map((path) => readFile(path, "latin1").catch(() => undefined)));
  const found = tables.filter((table) => table !== undefined);
  return found.length === 0 ? undefined : found.join("");
}

/** One after the other: a hundred thousand at once would be a hundred megabytes. */
export function* tcpRows(table: string): Generator<TcpRow> {
  for (const row of table.matchAll(/^ *\d+: (\w+):(\w+) (\w+):(\w+) (\w+) /gm)) {
    const [, localAddress, localPort, remoteAddress, remotePort, state] = row;
    yield {
      localAddress: localAddress!,
      localPort: Number.parseInt(localPort!, 16),
      remoteAddress: remoteAddress!,
      remotePort: Number.parseInt(remotePort!, 16),
      isWaiting: state === TIME_WAIT,
    };
  }
}

/** Ports that clients have taken to these ports of a server: the most of any client address to any of them. */
export function portsTaken(table: string, serverPorts: readonly number[]): number {
  const ports = new Set(serverPorts);
  const taken = new Map<string, number>();
  let most = 0;
  for (const { localAddress, remoteAddress, remotePort } of tcpRows(table)) {
    if (!ports.has(remotePort)) continue;
    const pair = `${localAddress} ${remoteAddress} ${remotePort}`;
    const count = (taken.get(pair) ?? 0) + 1;
    taken.set(pair, count);
    most = Math.max(most, count);
  }
  return most;
}
