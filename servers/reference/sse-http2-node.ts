/** Server-sent events on node:http2: each a stream that does not end, many to a connection. */
import { eventStream, resumed } from "../event-stream.ts";
import { startHttp2StreamServer } from "../http2-stream-server.ts";
import type { ReferenceServer } from "../reference-server.ts";

export const server: ReferenceServer = {
  transport: "sse-http2",
  tls: true,
  library: () => ({ name: "node:http2", version: process.versions.node }),
  start: (context) =>
    startHttp2StreamServer(context, {
      syntax: { path: "/events", cursor: "after" },
      format: eventStream,
      correct: (asked, headers) => resumed(asked, headers["last-event-id"]),
    }),
};
