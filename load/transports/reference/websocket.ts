/** WebSocket over HTTP/1.1 on ws. */
import { WebSocket } from "ws";
import { nowNs } from "../../clock.ts";
import { describeLibraryError } from "../../reference/library-error.ts";
import { countBytes, dial, where } from "../../socket.ts";
import type { OpenTimes, Transport } from "../../transport.ts";
import { readHello } from "../../wire/hello.ts";
import { ProtocolError } from "../../wire/protocol-error.ts";

export const transport: Transport = {
  name: "websocket",
  capabilities: { polls: false },

  subscribe({ address, topic, compression }, events, reads) {
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;
    let over = false;

    const socket = new WebSocket(`${address.ca === undefined ? "ws" : "wss"}://${where(address)}/ws?topic=${topic}`, {
      perMessageDeflate: compression,
      createConnection() {
        const connection = dial(address, {}, (times) => {
          opening = times;
          askedAt = performance.now();
          reads.traffic.requests++;
        });
        countBytes(connection, reads);
        return connection;
      },
    });

    function fail(error: Error): void {
      if (over) return;
      over = true;
      socket.terminate();
      events.failed(describeLibraryError(error, address));
    }

    socket.on("open", () => {
      if (compression && socket.extensions === "") fail(new ProtocolError("compression was asked for, and the server did not agree to it"));
    });
    socket.on("message", (data: Buffer) => {
      if (over) return;
      reads.receivedNs = nowNs();
      if (opened) {
        events.payload(data, 0, data.length);
        return;
      }
      try {
        const hello = readHello(data, 0, data.length);
        opened = true;
        events.opened(hello, { ...opening, upgradeMs: performance.now() - askedAt });
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        fail(error);
      }
    });
    socket.on("unexpected-response", (_, { statusCode }) => {
      // Without an Upgrade header node:http takes a 101 for a mere answer.
      const kind = statusCode === 101 ? "protocol" : "http_status";
      fail(new ProtocolError(`the upgrade of /ws was answered ${statusCode}`, kind));
    });
    socket.on("error", fail);
    socket.on("close", (code, reason) =>
      fail(new ProtocolError(`closed with ${code}${reason.length === 0 ? "" : ` "${reason.toString()}"`}`, "closed")),
    );
    return {
      close() {
        over = true;
        // 1000, normal closure; the answer is not waited for.
        if (opened) socket.close(1000);
        socket.terminate();
      },
    };
  },
};
