/** A server on uWebSockets.js whose answers do not end. */
import { createHeldStreams } from "./held-streams.ts";
import type { RunningServer, ServerContext } from "./reference-server.ts";
import type { StreamServerForm } from "./stream-server.ts";
import { readSubscribeRequest } from "./subscribe-request.ts";
import { uwsHeldResponse } from "./uws-held-response.ts";
import { createUwsServer, refuse } from "./uws-server.ts";

/** Starts it; throws the error of `listen`. */
export async function startUwsStreamServer(
  { options, hub, certificate, echo }: ServerContext,
  { syntax, format, correct }: StreamServerForm,
): Promise<RunningServer> {
  const streams = createHeldStreams(hub, format, options.heartbeatMs);
  const http = createUwsServer({ certificate, echo }, (res, head) => {
    const asked = readSubscribeRequest(head, syntax);
    if ("status" in asked) return refuse(res, asked);
    const response = uwsHeldResponse(res, format.heartbeat);
    res.writeStatus("200 OK").writeHeader("content-type", format.contentType).writeHeader("cache-control", "no-store");
    streams.hold(response, correct?.(asked, head.headers) ?? asked);
  });
  const port = await http.listen(options.host, options.port);
  return {
    port,
    connections: streams.count,
    async close() {
      streams.close();
      http.close();
    },
  };
}
