/** Long polling over HTTP/1.1: on a kept connection, the next request right behind each answer. */
import { openSocket, where } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createPollResponseParser } from "../wire/poll-response.ts";

export const transport: Transport = {
  name: "long-polling",
  // A message finds a request that waits for it: no interval stands in its latency.
  capabilities: { polls: false },

  subscribe({ address, topic }, events, reads) {
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;
    let after = "";

    function ask(): void {
      askedAt = performance.now();
      reads.traffic.requests++;
      socket.write(`GET /long-poll?topic=${topic}${after} HTTP/1.1\r\nHost: ${where(address)}\r\n\r\n`);
    }

    const response = createPollResponseParser("/long-poll", {
      message: events.payload,
      answered(hello) {
        after = `&after=${hello.next - 1}`;
        if (!opened) {
          opened = true;
          events.opened(hello, { ...opening, upgradeMs: performance.now() - askedAt });
        }
        ask();
      },
      nothing: ask,
    });
    const socket = openSocket(address, reads, {
      connected(times) {
        opening = times;
        ask();
      },
      read: (bytes, end) => response.feed(bytes, 0, end),
      failed: events.failed,
    });
    return socket;
  },
};
