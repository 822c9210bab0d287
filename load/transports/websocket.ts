/** WebSocket over HTTP/1.1 (RFC 6455): an upgrade, then frames. */
import { subscribeFrames } from "../client/frame-subscriber.ts";
import { webSocketPath, withoutQuery } from "../client/held-request.ts";
import { createOpening } from "../client/opening.ts";
import { openSocket, where } from "../client/socket.ts";
import type { Transport } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import { deflateOffer } from "../wire/permessage-deflate.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { upgradeRequest } from "../wire/websocket.ts";

export const transport: Transport = {
  name: "websocket",
  capabilities: { polls: false, asksAgain: false },

  subscribe(subscription, events, reads) {
    const { address, compression, foreign } = subscription;
    const path = webSocketPath(subscription);
    const { request, accept } = upgradeRequest(path, { host: where(address), ...deflateOffer(compression), ...foreign?.headers });
    const opening = createOpening();

    const frames = subscribeFrames(subscription, events, {
      write: (bytes) => socket.write(bytes),
      unsentBytes: () => socket.unsentBytes(),
      openTimes: opening.times,
    });
    const response = createResponseParser({
      head({ status, headers }) {
        if (status !== 101) throw new ProtocolError(`the upgrade of ${withoutQuery(path)} was answered ${status}`, "http_status");
        if (headers.get("sec-websocket-accept") !== accept)
          throw new ProtocolError("the upgrade was answered with a wrong Sec-WebSocket-Accept");
        frames.accepted(headers.get("sec-websocket-extensions"));
      },
      body() {
        throw new ProtocolError("a body where frames were due");
      },
      end() {
        throw new ProtocolError("an HTTP answer where frames were due");
      },
      upgraded: frames.feed,
    });
    const socket = openSocket(address, reads, {
      connected(times) {
        opening.asked(times);
        reads.traffic.requests++;
        socket.write(request);
      },
      read: (bytes, end) => response.feed(bytes, 0, end),
      failed: events.failed,
    });
    return {
      up: frames.up,
      close() {
        frames.leave();
        socket.close();
      },
    };
  },
};
