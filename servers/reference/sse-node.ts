/** Server-sent events on node:http: a response that does not end. */
import type { ServerResponse } from "node:http";
import type { Hello } from "../contract.ts";
import { startHeartbeat } from "../heartbeat.ts";
import type { Message } from "../history.ts";
import { createHttpServer, refuse } from "../http-server.ts";
import { encodeOnce, type Subscription } from "../hub.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSequence, readSubscribeRequest } from "../subscribe-request.ts";

const RETRY_MS = 1000;
/** A finer beat than the heartbeat, so that a message need not read the clock to break the silence. */
const BEATS_PER_SILENCE = 4;

interface Stream {
  readonly subscription: Subscription;
  silentBeats: number;
}

export const server: ReferenceServer = {
  transport: "sse",
  tls: true,
  library: () => ({ name: "node:http", version: process.versions.node }),
  async start({ options, hub, certificate }) {
    const streams = new Map<ServerResponse, Stream>();
    const frame = encodeOnce(encodeMessage);

    const http = createHttpServer(certificate, (request, response) => {
      // Sent behind a request whose answer has no end: it would wait for ever.
      if (response.socket === null) return void request.socket.destroy();
      const asked = readSubscribeRequest(request, { path: "/events", cursor: "after" });
      if ("status" in asked) return refuse(response, asked);

      const subscription = hub.subscribe(asked.topic, lastEventId(request.headers["last-event-id"]) ?? asked.after, {
        unsentBytes: () => response.writableLength,
        write(message, flushed) {
          stream.silentBeats = 0;
          response.write(frame(message), flushed && ((error) => error || flushed()));
        },
        drop: () => response.destroy(),
      });
      const stream: Stream = { subscription, silentBeats: 0 };
      streams.set(response, stream);
      response.once("close", () => {
        streams.delete(response);
        subscription.end();
      });
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(encodeHello(subscription.hello));
      subscription.start();
    });

    const stopHeartbeat = startHeartbeat(options.heartbeatMs / BEATS_PER_SILENCE, () => {
      for (const [response, stream] of streams) {
        // One that has unsent bytes is not silent, only slow.
        if (++stream.silentBeats < BEATS_PER_SILENCE || response.writableLength > 0) continue;
        stream.silentBeats = 0;
        response.write(":\n\n");
      }
    });

    const port = await http.listen(options.host, options.port);
    return {
      port,
      connections: () => streams.size,
      close() {
        stopHeartbeat();
        for (const [response, { subscription }] of streams) {
          subscription.end();
          response.end();
        }
        return http.close();
      },
    };
  },
};

function encodeHello(hello: Hello): string {
  return `retry: ${RETRY_MS}\nid: ${hello.next - 1}\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`;
}

/** A CR ends a line of an event stream, so the payload goes on in another data line; the browser joins them with LF. */
function encodeMessage({ sequence, payload }: Message): Buffer {
  const data = payload.includes("\r") ? payload.replaceAll("\r", "\ndata: ") : payload;
  return Buffer.from(`id: ${sequence}\ndata: ${data}\n\n`);
}

/** An id that is no sequence number is another server's: ahead of anything this one has. */
function lastEventId(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  return readSequence(header) ?? Infinity;
}
