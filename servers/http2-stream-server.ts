/** A server on node:http2 whose answers do not end; each is a stream among others of its connection. */
import { constants, type ServerHttp2Stream } from "node:http2";
import { createHttp2Server, refuseStream, takeSent } from "./http2-server.ts";
import { createHeldStreams, type HeldResponse } from "./held-streams.ts";
import type { RunningServer, ServerContext } from "./reference-server.ts";
import type { StreamServerForm } from "./stream-server.ts";
import { readSubscribeRequest } from "./subscribe-request.ts";

/** Starts it; throws the error of `listen`. */
export async function startHttp2StreamServer(
  { options, hub, certificate, echo }: ServerContext,
  { syntax, format, correct }: StreamServerForm,
): Promise<RunningServer> {
  const streams = createHeldStreams(hub, format, options.heartbeatMs);
  const http2 = createHttp2Server(certificate, options.backpressureBytes, (stream, headers) => {
    const head = { url: headers[":path"], method: headers[":method"], headers };
    const sent = echo?.receive(head);
    if (sent !== undefined) return "status" in sent ? refuseStream(stream, sent) : takeSent(stream, sent);
    const asked = readSubscribeRequest(head, syntax);
    if ("status" in asked) return refuseStream(stream, asked);
    stream.respond({ ":status": 200, "content-type": format.contentType, "cache-control": "no-store" });
    streams.hold(heldResponse(stream), correct?.(asked, headers) ?? asked);
  });
  const port = await http2.listen(options.host, options.port);
  return {
    port,
    connections: streams.count,
    close() {
      streams.close();
      return http2.close();
    },
  };
}

/**
 * A stream's `writableLength` is all that waits for its reader: http2 takes from it only what the window and the kernel take (tried on
 * Node 20: 64 KiB writes into a window that nobody opens add up to the byte). It is cut with a code, for node's own cut says NO_ERROR,
 * which a client may take for the end.
 */
function heldResponse(stream: ServerHttp2Stream): HeldResponse {
  return {
    get writableLength() {
      return stream.writableLength;
    },
    write: (bytes, flushed) => stream.write(bytes, flushed),
    end: () => stream.end(),
    destroy: () => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM),
    once: (event, listener) => stream.once(event, listener),
  };
}
