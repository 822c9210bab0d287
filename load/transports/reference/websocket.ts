/** WebSocket over HTTP/1.1 on ws. */
import { WebSocket } from "ws";
import { webSocketPath, withoutQuery } from "../../client/held-request.ts";
import { createOpening } from "../../client/opening.ts";
import { subscribeWs } from "../../reference/ws-subscriber.ts";
import { countBytes, dial, where } from "../../client/socket.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "websocket",
  capabilities: { polls: false, asksAgain: false },

  subscribe(subscription, events, reads) {
    const { address, compression, foreign } = subscription;
    const path = webSocketPath(subscription);
    const opening = createOpening();

    const socket = new WebSocket(`${address.ca === undefined ? "ws" : "wss"}://${where(address)}${path}`, {
      perMessageDeflate: compression,
      headers: { ...foreign?.headers },
      createConnection() {
        const connection = dial(address, {}, (times) => {
          opening.asked(times);
          reads.traffic.requests++;
        });
        countBytes(connection, reads);
        return connection;
      },
    });
    const subscriber = subscribeWs(socket, subscription, events, reads, () => opening.times());
    socket.once("open", subscriber.accepted);
    socket.once("unexpected-response", (_, { statusCode }) => {
      // Without an Upgrade header node:http takes a 101 for a mere answer.
      const kind = statusCode === 101 ? "protocol" : "http_status";
      subscriber.fail({ kind, message: `${where(address)}: the upgrade of ${withoutQuery(path)} was answered ${statusCode}` });
    });
    return subscriber;
  },
};
