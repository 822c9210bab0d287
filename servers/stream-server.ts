/** A server on node:http whose answers do not end. */
import type { IncomingMessage } from "node:http";
import { createHeldStreams, type StreamFormat } from "./held-streams.ts";
import { createHttpServer, refuse } from "./http-server.ts";
import type { RunningServer, ServerContext } from "./reference-server.ts";
import { readSubscribeRequest, type SubscribeRequest, type SubscribeSyntax } from "./subscribe-request.ts";

/** What differs between two servers of streams. */
export interface StreamServerForm {
  readonly syntax: SubscribeSyntax;
  readonly format: StreamFormat;
  /** What the request's headers change in what its URL asks for. */
  correct?(asked: SubscribeRequest, headers: IncomingMessage["headers"]): SubscribeRequest;
}

/** Starts it; throws the error of `listen`. */
export async function startStreamServer(
  { options, hub, certificate, echo }: ServerContext,
  { syntax, format, correct }: StreamServerForm,
): Promise<RunningServer> {
  const streams = createHeldStreams(hub, format, options.heartbeatMs);
  const http = createHttpServer({ certificate, echo }, (request, response) => {
    // Sent behind a request whose answer has no end: it would wait for ever.
    if (response.socket === null) return void request.socket.destroy();
    const asked = readSubscribeRequest(request, syntax);
    if ("status" in asked) return refuse(response, asked);
    response.writeHead(200, { "content-type": format.contentType, "cache-control": "no-store" });
    streams.hold(response, correct?.(asked, request.headers) ?? asked);
  });
  const port = await http.listen(options.host, options.port);
  return {
    port,
    connections: streams.count,
    close() {
      streams.close();
      return http.close();
    },
  };
}
