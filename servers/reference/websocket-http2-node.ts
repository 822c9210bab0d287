/** WebSocket over HTTP/2 (RFC 8441) on node:http2, its frames by ws: each an extended CONNECT that stays open, many to a connection. */
import { createRequire } from "node:module";
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { createHttp2Server, refuseStream } from "../http2-server.ts";
import type { Refusal } from "../http-server.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";
import { longestFrame, WEBSOCKET_SYNTAX } from "../websocket.ts";
import { acceptDeflate, openOnStream, type Deflate } from "../ws-on-stream.ts";
import { createWsSockets, DEFLATE, type Cut } from "../ws-sockets.ts";

const SYNTAX = { ...WEBSOCKET_SYNTAX, method: "CONNECT" } as const;
const VERSION = "13";
/** Where a WebSocket's own connection would be reset, its stream is with CANCEL (RFC 8441, 5); one that is too slow as its siblings are. */
const RESETS = { slow: constants.NGHTTP2_ENHANCE_YOUR_CALM, silent: constants.NGHTTP2_CANCEL };

/** What of the offered extensions both ends use. */
interface Agreed {
  readonly framing?: { readonly deflate: Deflate };
  readonly headers?: Readonly<Record<string, string>>;
}

export const server: ReferenceServer = {
  transport: "websocket-http2",
  tls: true,
  library() {
    const { version } = createRequire(import.meta.url)("ws/package.json") as { version: string };
    return { name: "node:http2", version: `${process.versions.node}, ws ${version}` };
  },
  async start(context) {
    const { options, certificate, echo } = context;
    const maxPayload = longestFrame(echo);
    const sockets = createWsSockets(context);

    function agreeToExtensions(offered: string | undefined): Agreed | Refusal {
      try {
        const accepted = options.compression ? acceptDeflate(offered, DEFLATE, maxPayload) : undefined;
        if (accepted === undefined) return {};
        return { framing: { deflate: accepted.deflate }, headers: { "sec-websocket-extensions": accepted.answer } };
      } catch (error) {
        return { status: 400, message: `sec-websocket-extensions ${offered}: ${(error as Error).message}` };
      }
    }

    const http2 = createHttp2Server(
      certificate,
      options.backpressureBytes,
      (stream, headers) => {
        const asked =
          refuseProtocol(headers) ?? readSubscribeRequest({ url: headers[":path"], method: headers[":method"], headers }, SYNTAX);
        if ("status" in asked) return refuseStream(stream, asked);
        const agreed = agreeToExtensions(headers["sec-websocket-extensions"]);
        if ("status" in agreed) return refuseStream(stream, agreed);
        stream.respond({ ":status": 200, ...agreed.headers });
        sockets.hold(openOnStream(stream, { isServer: true, maxPayload, ...agreed.framing }), stream, asked, cutStream(stream));
      },
      { enableConnectProtocol: true },
    );
    const port = await http2.listen(options.host, options.port);
    return {
      port,
      connections: sockets.count,
      close() {
        sockets.close();
        return http2.close();
      },
    };
  },
};

/** Why a CONNECT is not one for a WebSocket; of other methods nothing is said. */
function refuseProtocol(headers: IncomingHttpHeaders): Refusal | undefined {
  if (headers[":method"] !== "CONNECT") return undefined;
  const protocol = headers[":protocol"];
  // As RFC 9220, 3, asks of HTTP/3; RFC 8441 leaves it open.
  if (protocol !== "websocket") return { status: 501, message: `a CONNECT with :protocol ${protocol ?? "absent"}: expected websocket` };
  const version = headers["sec-websocket-version"];
  if (version === VERSION) return undefined;
  return {
    status: 400,
    message: `sec-websocket-version ${version ?? "absent"}: expected ${VERSION}`,
    headers: { "sec-websocket-version": VERSION },
  };
}

function cutStream(stream: ServerHttp2Stream): Cut {
  return (why) => stream.close(RESETS[why]);
}
