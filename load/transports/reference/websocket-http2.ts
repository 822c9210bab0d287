/** WebSocket over HTTP/2 (RFC 8441) on ws, which frames what a stream of node:http2 carries. */
import { offerDeflate, openOnStream } from "../../../servers/ws-on-stream.ts";
import type { Deflate } from "../../../servers/ws-on-stream.ts";
import { webSocketPath, withoutQuery } from "../../client/held-request.ts";
import { createOpening } from "../../client/opening.ts";
import { subscribeWs } from "../../reference/ws-subscriber.ts";
import type { WsSubscriber } from "../../reference/ws-subscriber.ts";
import { createSessionPool } from "../../client/session-pool.ts";
import { openSession } from "../../client/session.ts";
import { failingElsewhere } from "../../transport.ts";
import type { Transport } from "../../transport.ts";
import { ProtocolError } from "../../wire/protocol-error.ts";

/** As ws has it unless told. */
const MAX_PAYLOAD_BYTES = 100 * 1024 * 1024;

const openStream = createSessionPool(openSession);

export const transport: Transport = {
  name: "websocket-http2",
  capabilities: { polls: false, asksAgain: false },

  subscribe(subscription, events, reads) {
    const { address, streams, compression, foreign } = subscription;
    const path = webSocketPath(subscription);
    const { host, ...headers } = foreign?.headers ?? {};
    const offered = compression ? offerDeflate(MAX_PAYLOAD_BYTES) : undefined;
    const opening = createOpening();
    let subscriber: WsSubscriber | undefined;

    function agreed(answer: string | undefined): { readonly deflate?: Deflate } {
      if (offered === undefined || answer === undefined) return {};
      try {
        return { deflate: offered.agreed(answer) };
      } catch (error) {
        throw new ProtocolError((error as Error).message);
      }
    }

    const stream = openStream(
      address,
      streams,
      {
        headers: {
          ":method": "CONNECT",
          ":protocol": "websocket",
          ":path": path,
          ...(host === undefined ? {} : { ":authority": host }),
          "sec-websocket-version": "13",
          ...(offered === undefined ? {} : { "sec-websocket-extensions": offered.offer }),
          ...headers,
        },
        asking: (times) => opening.asked(times),
        answered({ ":status": status, "sec-websocket-extensions": extensions }, carrier) {
          if (status !== 200) throw new ProtocolError(`the CONNECT of ${withoutQuery(path)} was answered ${status}`, "http_status");
          const socket = openOnStream(carrier!, { isServer: false, maxPayload: MAX_PAYLOAD_BYTES, ...agreed(extensions) });
          const failed: typeof events.failed = (error) => {
            stream.close();
            events.failed(error);
          };
          subscriber = subscribeWs(socket, subscription, failingElsewhere(events, failed), reads, () => opening.times());
          subscriber.accepted();
        },
        // ws reads the stream by itself.
        data() {},
        failed: (error) => (subscriber === undefined ? events.failed(error) : subscriber.fail(error)),
      },
      reads,
    );
    return {
      get up() {
        return subscriber?.up;
      },
      close() {
        subscriber?.close();
        stream.close();
      },
    };
  },
};
