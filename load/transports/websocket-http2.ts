/** WebSocket over HTTP/2 (RFC 8441): an extended CONNECT, then frames on its stream, many to a connection. */
import { subscribeFrames } from "../client/frame-subscriber.ts";
import { webSocketPath, withoutQuery } from "../client/held-request.ts";
import { createOpening } from "../client/opening.ts";
import { createSessionPool } from "../client/session-pool.ts";
import { openSession } from "../client/session.ts";
import type { Transport } from "../transport.ts";
import { deflateOffer } from "../wire/permessage-deflate.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

const openStream = createSessionPool(openSession);

export const transport: Transport = {
  name: "websocket-http2",
  capabilities: { polls: false, asksAgain: false },

  subscribe(subscription, events, reads) {
    const { address, streams, compression, foreign } = subscription;
    const path = webSocketPath(subscription);
    const { host, ...headers } = foreign?.headers ?? {};
    const opening = createOpening();

    const frames = subscribeFrames(subscription, events, {
      write: (bytes) => stream.write(bytes),
      unsentBytes: () => stream.unsentBytes(),
      openTimes: () => opening.times(),
    });
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
          ...deflateOffer(compression),
          ...headers,
        },
        asking: (times) => opening.asked(times),
        answered({ ":status": status, "sec-websocket-extensions": extensions }) {
          if (status !== 200) throw new ProtocolError(`the CONNECT of ${withoutQuery(path)} was answered ${status}`, "http_status");
          frames.accepted(extensions);
        },
        data: (bytes) => frames.feed(bytes, 0, bytes.length),
        failed: (error) => events.failed(error),
      },
      reads,
    );
    return {
      up: frames.up,
      close() {
        frames.leave();
        stream.close();
      },
    };
  },
};
