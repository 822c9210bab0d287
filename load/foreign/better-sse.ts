/** A program that this project did not think of: server-sent events as the documentation of better-sse teaches them. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createChannel, createSession } from "better-sse";
import { listen } from "./listen.ts";

const channels = new Map<string, ReturnType<typeof createChannel>>();

function channelOf(name: string): ReturnType<typeof createChannel> {
  const channel = channels.get(name) ?? createChannel();
  channels.set(name, channel);
  return channel;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url!, "http://localhost");
  const channel = channelOf(searchParams.get("channel") ?? "");
  if (request.headers.authorization !== "Bearer sesame") {
    response.writeHead(401).end("who are you?");
  } else if (pathname === "/events") {
    const session = await createSession(request, response);
    session.push({ welcome: "to the channel" }, "joined");
    channel.register(session);
  } else if (request.method === "POST") {
    channel.broadcast(JSON.parse(await text(request)), "news");
    response.writeHead(204).end();
  } else {
    response.writeHead(404).end();
  }
}

listen(createServer((request, response) => void answer(request, response)));
