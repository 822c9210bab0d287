/** What a poll that has nothing new costs in bytes, over HTTP/1.1 and over HTTP/2: the same requests, answered alike. */
import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { Lab } from "./lab.ts";
import type { Relay } from "./relay.ts";

/** What a browser sends with each of them; a cookie of a session is usual. */
const HEADERS = {
  accept: "application/json, text/plain, */*",
  "accept-encoding": "gzip, deflate, br, zstd",
  "accept-language": "en-GB,en;q=0.9,de;q=0.8",
  "cache-control": "no-cache",
  cookie: "session=5f0c9a4be2d14c6f9d6d3c0a7b1e8f42; theme=dark",
  referer: "http://127.0.0.1/app/inbox",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
};
const PATH = "/poll?topic=news&after=42";
/** From the second on HPACK knows all of it (RFC 7541, 2.3.2); some more for whatever a connection says at its beginning. */
const BEFORE = 5;
const POLLS = 50;

/** `http1` and `http2`: bytes of a poll in both directions together. */
export async function pollHeaders(lab: Lab): Promise<Readonly<Record<string, number>>> {
  return {
    http1: await bytesOfPoll(lab, createServer(answer), http1Poll),
    http2: await bytesOfPoll(lab, createHttp2Server(answer), http2Poll),
  };
}

function answer(_: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
  response.statusCode = 204;
  response.setHeader("cache-control", "no-store");
  response.end();
}

type OpenPoll = (lab: Lab, port: number) => () => Promise<void>;

async function bytesOfPoll(lab: Lab, server: Server, open: OpenPoll): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  lab.atEnd(() => server.close());
  const relay = await lab.relay({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  const poll = open(lab, relay.port);
  for (let n = 0; n < BEFORE; n++) await poll();
  const before = total(relay);
  for (let n = 0; n < POLLS; n++) await poll();
  return (total(relay) - before) / POLLS;
}

function total(relay: Relay): number {
  const { up, down } = relay.bytes();
  return up + down;
}

function http1Poll(lab: Lab, port: number): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  lab.atEnd(() => agent.destroy());
  return () =>
    new Promise((resolve, reject) => {
      const asking = get({ host: "127.0.0.1", port, path: PATH, agent, headers: HEADERS }, (response) => {
        response.resume().once("end", resolve).once("error", reject);
      });
      asking.once("error", reject);
    });
}

function http2Poll(lab: Lab, port: number): () => Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`);
  lab.atEnd(() => session.destroy());
  return () =>
    new Promise((resolve, reject) => {
      session.once("error", reject);
      const stream = session.request({ ":path": PATH, ...HEADERS });
      stream.once("error", reject);
      stream.once("close", () => {
        session.off("error", reject);
        resolve();
      });
      stream.resume();
    });
}
