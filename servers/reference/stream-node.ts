/** HTTP streaming on node:http: a chunked response that does not end, a line a message. */
import { lineStream } from "../line-stream.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { startStreamServer } from "../stream-server.ts";

export const server: ReferenceServer = {
  transport: "http-stream",
  tls: true,
  library: () => ({ name: "node:http", version: process.versions.node }),
  start: (context) => startStreamServer(context, { syntax: { path: "/stream", cursor: "from" }, format: lineStream }),
};
