/** Polling on node:http: every answer is whole and at once, messages or none. */
import { answer, createHttpServer, refuse } from "../http-server.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";

/** A poller that neither reads nor asks for so long is gone. */
const SILENT_CONNECTION_MS = 120_000;

export const server: ReferenceServer = {
  transport: "polling",
  tls: true,
  library: () => ({ name: "node:http", version: process.versions.node }),
  async start({ options, hub, certificate, echo }) {
    const http = createHttpServer({ certificate, echo }, (request, response) => {
      const asked = readSubscribeRequest(request, { path: "/poll", cursor: "after" });
      if ("status" in asked) return refuse(response, asked);
      answer(response, hub.poll(asked.topic, asked.after));
    });
    http.server.timeout = SILENT_CONNECTION_MS;
    const port = await http.listen(options.host, options.port);
    return { port, connections: http.connections, close: http.close };
  },
};
