/** Long polling on uWebSockets.js: an answer that waits for the next message. */
import { splitUrl } from "../http-server.ts";
import { createLongPolls, readWait } from "../long-polls.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";
import { answerJson, createUwsServer, refuse, uwsLibrary } from "../uws-server.ts";

export const server: ReferenceServer = {
  transport: "long-polling",
  tls: true,
  library: uwsLibrary,
  async start({ options, hub, certificate, echo }) {
    const polls = createLongPolls(hub);
    let closing = false;

    const http = createUwsServer({ certificate, echo }, (res, head) => {
      const asked = readSubscribeRequest(head, { path: "/long-poll", cursor: "after" });
      if ("status" in asked) return refuse(res, asked);
      const waitMs = readWait(splitUrl(head).query);
      if (waitMs === undefined) return refuse(res, { status: 400, message: "bad wait: expected a whole number of ms, 0 to 60000" });

      // Before it is held: a response that has been answered at once takes no more.
      let giveUp = (): void => {};
      res.onAborted(() => giveUp());
      giveUp = polls.hold({ ...asked, waitMs }, (json) => {
        res.cork(() => {
          if (json !== undefined) return answerJson(res, json);
          res.writeStatus("204 No Content").writeHeader("cache-control", "no-store").endWithoutBody(undefined, closing);
        });
      });
    });
    const port = await http.listen(options.host, options.port);
    return {
      port,
      connections: http.connections,
      async close() {
        closing = true;
        polls.end();
        http.close();
      },
    };
  },
};
