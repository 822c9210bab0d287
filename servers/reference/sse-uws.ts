/** Server-sent events on uWebSockets.js: a response that does not end. */
import { eventStream, resumed } from "../event-stream.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { uwsLibrary } from "../uws-server.ts";
import { startUwsStreamServer } from "../uws-stream-server.ts";

export const server: ReferenceServer = {
  transport: "sse",
  tls: true,
  library: uwsLibrary,
  start: (context) =>
    startUwsStreamServer(context, {
      syntax: { path: "/events", cursor: "after" },
      format: eventStream,
      correct: (asked, headers) => resumed(asked, headers["last-event-id"]),
    }),
};
