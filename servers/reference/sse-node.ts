/** Server-sent events on node:http: a response that does not end. */
import { eventStream, resumed } from "../event-stream.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { startStreamServer } from "../stream-server.ts";

export const server: ReferenceServer = {
  transport: "sse",
  tls: true,
  library: () => ({ name: "node:http", version: process.versions.node }),
  start: (context) =>
    startStreamServer(context, {
      syntax: { path: "/events", cursor: "after" },
      format: eventStream,
      correct: (asked, headers) => resumed(asked, headers["last-event-id"]),
    }),
};
