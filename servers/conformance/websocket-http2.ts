/** WebSocket over HTTP/2 with ws's framing on a stream of node:http2, each socket on a connection of its own unless they share one. */
import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader, OutgoingHttpHeaders } from "node:http2";
import type { WebSocket } from "ws";
import { offerDeflate, openOnStream, type Deflate } from "../ws-on-stream.ts";
import { openSession } from "./session.ts";
import { receiveInto, webSocketClient } from "./websocket-client.ts";

const LONGEST_MESSAGE_BYTES = 100 * 1024 * 1024;

export const websocketHttp2 = webSocketClient(
  async (server, path, options = {}) => {
    const { autoPong = true, deflate = false } = options;
    const session = openSession(server);
    const { offer, agreed } = offerDeflate(LONGEST_MESSAGE_BYTES);
    const stream = session.request({ ...extendedConnect(path), ...(deflate ? { "sec-websocket-extensions": offer } : {}) });
    const { "sec-websocket-extensions": answer } = await headersOf(stream);
    const socket = frame(stream, { autoPong, ...(answer === undefined ? {} : { deflate: agreed(answer) }) });
    socket.once("close", () => session.destroy());
    return {
      socket,
      inbox: receiveInto(socket, options),
      write: (bytes) => stream.write(bytes),
      bytesRead: () => session.socket.bytesRead,
      vanish: () => session.destroy(),
    };
  },
  {
    share(session: ClientHttp2Session, path, heard) {
      const stream = session.request(extendedConnect(path));
      stream.on("error", () => {});
      stream.once("response", () => {
        frame(stream)
          .on("message", (data) => heard((data as Buffer).toString("utf8")))
          .on("error", () => {});
      });
      return stream;
    },
    async refused(server, path) {
      const session = openSession(server);
      const headers = await headersOf(session.request(extendedConnect(path)));
      session.destroy();
      return headers[":status"]!;
    },
  },
);

/** What asks for a WebSocket (RFC 8441, 4). */
export function extendedConnect(path: string): OutgoingHttpHeaders {
  return { ":method": "CONNECT", ":protocol": "websocket", ":path": path, "sec-websocket-version": "13" };
}

function frame(stream: ClientHttp2Stream, options: { readonly autoPong?: boolean; readonly deflate?: Deflate } = {}): WebSocket {
  return openOnStream(stream, { isServer: false, maxPayload: LONGEST_MESSAGE_BYTES, ...options });
}

async function headersOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & IncomingHttpStatusHeader> {
  stream.on("error", () => {});
  const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders & IncomingHttpStatusHeader];
  return headers;
}
