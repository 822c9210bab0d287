/** Long polling on node:http: an answer that waits for the next message. */
import { answerJson, createHttpServer, refuse, splitUrl } from "../http-server.ts";
import { createLongPolls, readWait } from "../long-polls.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";

/** More than the longest wait: a poller that neither reads nor asks for so long is gone. */
const SILENT_CONNECTION_MS = 120_000;

export const server: ReferenceServer = {
  transport: "long-polling",
  tls: true,
  library: () => ({ name: "node:http", version: process.versions.node }),
  async start({ options, hub, certificate, echo }) {
    const polls = createLongPolls(hub);
    let closing = false;

    const http = createHttpServer({ certificate, echo }, (request, response) => {
      // Sent behind a poll that is not answered yet: held in its turn, it would not hear of its client's end.
      if (response.socket === null) return void request.socket.destroy();
      const asked = readSubscribeRequest(request, { path: "/long-poll", cursor: "after" });
      if ("status" in asked) return refuse(response, asked);
      const waitMs = readWait(splitUrl(request).query);
      if (waitMs === undefined) return refuse(response, { status: 400, message: "bad wait: expected a whole number of ms, 0 to 60000" });

      const giveUp = polls.hold({ ...asked, waitMs }, (json) => {
        if (json !== undefined) return answerJson(response, json);
        response.writeHead(204, { "cache-control": "no-store", ...(closing && { connection: "close" }) });
        response.end();
      });
      response.once("close", giveUp);
    });
    http.server.timeout = SILENT_CONNECTION_MS;
    const port = await http.listen(options.host, options.port);
    return {
      port,
      connections: http.connections,
      close() {
        closing = true;
        polls.end();
        return http.close();
      },
    };
  },
};
