/** Server-sent events over HTTP/1.1: one request whose answer never ends. */
import { openSocket, where } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createEventStreamParser } from "../wire/event-stream.ts";
import { createResponseParser } from "../wire/http1.ts";
import { readHello } from "../wire/hello.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

export const transport: Transport = {
  name: "sse",
  capabilities: { polls: false },

  subscribe({ address, topic }, events, reads) {
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;

    const stream = createEventStreamParser((type, bytes, start, end) => {
      if (type === "message") {
        events.payload(bytes, start, end);
      } else if (type === "hello" && !opened) {
        opened = true;
        events.opened(readHello(bytes, start, end), { ...opening, upgradeMs: performance.now() - askedAt });
      }
    });
    const response = createResponseParser({
      head({ status, headers }) {
        if (status !== 200) throw new ProtocolError(`GET /events was answered ${status}`, "http_status");
        const type = headers.get("content-type");
        if (!type?.startsWith("text/event-stream")) throw new ProtocolError(`GET /events was answered with content-type ${type ?? "none"}`);
      },
      body: stream.feed,
      end() {
        throw new ProtocolError("the event stream was ended", "closed");
      },
    });
    const socket = openSocket(address, reads, {
      connected(times) {
        opening = times;
        askedAt = performance.now();
        reads.traffic.requests++;
        socket.write(`GET /events?topic=${topic} HTTP/1.1\r\nHost: ${where(address)}\r\nAccept: text/event-stream\r\n\r\n`);
      },
      read: (bytes, end) => response.feed(bytes, 0, end),
      failed: events.failed,
    });
    return socket;
  },
};
