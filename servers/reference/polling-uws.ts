/** Polling on uWebSockets.js: every answer is whole and at once, messages or none. A connection silent for 10 s is closed by the library. */
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";
import { answerJson, createUwsServer, refuse, uwsLibrary } from "../uws-server.ts";

export const server: ReferenceServer = {
  transport: "polling",
  tls: true,
  library: uwsLibrary,
  async start({ options, hub, certificate, echo }) {
    const http = createUwsServer({ certificate, echo }, (res, head) => {
      const asked = readSubscribeRequest(head, { path: "/poll", cursor: "after" });
      if ("status" in asked) return refuse(res, asked);
      answerJson(res, JSON.stringify(hub.poll(asked.topic, asked.after)));
    });
    const port = await http.listen(options.host, options.port);
    return { port, connections: http.connections, close: async () => http.close() };
  },
};
