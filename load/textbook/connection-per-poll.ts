/** What a new connection for each poll costs, with and without TLS, and what it leaves behind. */
import { Agent as HttpAgent, get as httpGet } from "node:http";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import { readTcpTable, tcpRows } from "../sampling/tcp-table.ts";
import { spread } from "../spread.ts";
import type { Lab, LabServer } from "./lab.ts";

const POLLS = 200;

/**
 * Medians in ms of a poll on a connection that is kept and on a new one, `kept`, `fresh`, `kept_tls`, `fresh_tls`; and sockets in TIME_WAIT
 * after so many polls, `waiting_kept` and `waiting_fresh`, where the kernel tells.
 */
export async function connectionPerPoll(lab: Lab): Promise<Readonly<Record<string, number>>> {
  const figures: Record<string, number> = { polls: POLLS };
  for (const tls of [false, true]) {
    const server = await lab.start("polling-node", { tls });
    const suffix = tls ? "_tls" : "";
    for (const kept of [true, false]) {
      const name = kept ? "kept" : "fresh";
      const waiting = async (): Promise<number | undefined> => (tls ? undefined : waitingSockets(server.address.port));
      // Whoever had this port before may have left some.
      const before = await waiting();
      figures[`${name}${suffix}`] = await medianMs(lab, server, kept);
      const after = await waiting();
      if (before !== undefined && after !== undefined) figures[`waiting_${name}`] = Math.max(0, after - before);
    }
  }
  return figures;
}

async function medianMs(lab: Lab, { address }: LabServer, keepAlive: boolean): Promise<number> {
  const { host, port, ca } = address;
  const [agent, get] =
    ca === undefined ? [new HttpAgent({ keepAlive }), httpGet] : [new HttpsAgent({ keepAlive, ca, maxCachedSessions: 0 }), httpsGet];
  lab.atEnd(() => agent.destroy());
  const poll = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const asking = get({ host, port, path: "/poll?topic=news", agent }, (response) => {
        response.resume().once("end", resolve).once("error", reject);
      });
      asking.once("error", reject);
    });
  const times: number[] = [];
  for (let n = 0; n < POLLS; n++) {
    const from = performance.now();
    await poll();
    times.push(performance.now() - from);
  }
  agent.destroy();
  return spread(times).median;
}

/** Those with this port at either end; `undefined` where there is no such table. */
async function waitingSockets(port: number): Promise<number | undefined> {
  const table = await readTcpTable();
  if (table === undefined) return undefined;
  let waiting = 0;
  for (const { localPort, remotePort, isWaiting } of tcpRows(table))
    if (isWaiting && (localPort === port || remotePort === port)) waiting++;
  return waiting;
}
