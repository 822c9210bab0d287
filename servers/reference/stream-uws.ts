/** HTTP streaming on uWebSockets.js: a chunked response that does not end, a line a message. */
import { lineStream } from "../line-stream.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { uwsLibrary } from "../uws-server.ts";
import { startUwsStreamServer } from "../uws-stream-server.ts";

export const server: ReferenceServer = {
  transport: "http-stream",
  tls: true,
  library: uwsLibrary,
  start: (context) => startUwsStreamServer(context, { syntax: { path: "/stream", cursor: "from" }, format: lineStream }),
};
