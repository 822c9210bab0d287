/** HTTP streaming on node:http2: each a stream that does not end, a line a message. */
import { lineStream } from "../line-stream.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { startHttp2StreamServer } from "../http2-stream-server.ts";

export const server: ReferenceServer = {
  transport: "http-stream-http2",
  tls: true,
  library: () => ({ name: "node:http2", version: process.versions.node }),
  start: (context) => startHttp2StreamServer(context, { syntax: { path: "/stream", cursor: "from" }, format: lineStream }),
};
