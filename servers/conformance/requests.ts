/** Requests beside what a subscriber asks: refused ones, ones that fetch does not make, and bytes that are none. */
import { once } from "node:events";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import { request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestTls } from "node:https";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { fetch } from "undici";
import { isHttp2, openDispatcher } from "./dispatcher.ts";
import { openSession } from "./session.ts";
import type { ServerProcess } from "./server-process.ts";

/** Status of the answer to a request by fetch. */
export async function statusOf(
  server: ServerProcess,
  path: string,
  init: { method?: string; headers?: Record<string, string> },
): Promise<number> {
  const dispatcher = openDispatcher(server);
  const { status } = await fetch(`${server.url}${path}`, { ...init, dispatcher });
  await dispatcher.destroy();
  return status;
}

/** Status of the answer to a message that is sent up. */
export async function post(server: ServerProcess, topic: string, message: string | Uint8Array): Promise<number> {
  const dispatcher = openDispatcher(server);
  const response = await fetch(`${server.url}/send?topic=${topic}`, { method: "POST", body: message, dispatcher });
  await response.text();
  await dispatcher.destroy();
  return response.status;
}

/** Status of a request that fetch refuses to make: with a length and no body. */
export async function rawStatus(server: ServerProcess, path: string, headers: OutgoingHttpHeaders, method = "GET"): Promise<number> {
  if (isHttp2(server.ready.transport)) return rawHttp2Status(server, path, { ":method": method, ...headers });
  const request = server.ready.tls ? requestTls : requestPlain;
  const sent = request(`${server.url}${path}`, {
    method,
    headers,
    agent: false,
    ...(server.ready.ca === undefined ? {} : { ca: server.ready.ca }),
  });
  sent.on("error", () => {});
  sent.flushHeaders();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  sent.destroy();
  return response.statusCode!;
}

async function rawHttp2Status(server: ServerProcess, path: string, headers: OutgoingHttpHeaders): Promise<number> {
  const session = openSession(server);
  const sent = session.request({ ":path": path, ...headers }, { endStream: false });
  const [response] = (await once(sent, "response")) as [IncomingHttpHeaders & { readonly ":status": number }];
  session.destroy();
  return response[":status"];
}

/** What an event stream begins with, as text, up to its first 2 events. */
export async function firstEvents(server: ServerProcess, path: string, lastEventId: string): Promise<string> {
  const dispatcher = openDispatcher(server);
  const response = await fetch(`${server.url}${path}`, { headers: { "last-event-id": lastEventId }, dispatcher });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.split("\n\n").length > 2) break;
  }
  await dispatcher.destroy();
  return text;
}

/** Sends the bytes and its end, and waits until the server has closed. */
export async function sendAndLeave(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.resume();
  socket.end(bytes);
  await once(socket, "close");
}

/** Sends the bytes and stays, until the server has closed. */
export async function sendAndWait({ ready }: ServerProcess, bytes: string): Promise<void> {
  const place = { port: ready.port, host: "127.0.0.1" };
  const socket = ready.ca === undefined ? connect(place) : connectTls({ ...place, ca: ready.ca });
  socket.on("error", () => {});
  socket.resume();
  socket.write(bytes);
  await once(socket, "close");
}
