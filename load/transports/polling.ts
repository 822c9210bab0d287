/** Polling over HTTP/1.1: a request every interval on a kept connection, answered at once with what is new. */
import { openSocket, where } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createPollResponseParser } from "../wire/poll-response.ts";

export const transport: Transport = {
  name: "polling",
  capabilities: { polls: true },

  subscribe({ address, topic, pollIntervalMs, pollPhase }, events, reads) {
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;
    let after = "";
    let dueAt = 0;
    let timer: NodeJS.Timeout | undefined;

    function ask(): void {
      askedAt = performance.now();
      reads.traffic.requests++;
      socket.write(`GET /poll?topic=${topic}${after} HTTP/1.1\r\nHost: ${where(address)}\r\n\r\n`);
    }

    /** Polls keep to their own grid, so that a slow answer does not stretch the interval; a beat that an answer ran over is left out. */
    function askAgain(): void {
      const now = performance.now();
      do dueAt += pollIntervalMs;
      while (dueAt < now);
      timer = setTimeout(ask, dueAt - now);
    }

    const response = createPollResponseParser("/poll", {
      message: events.payload,
      answered(hello) {
        after = `&after=${hello.next - 1}`;
        if (!opened) {
          opened = true;
          dueAt = performance.now() - (1 - pollPhase) * pollIntervalMs;
          events.opened(hello, { ...opening, upgradeMs: performance.now() - askedAt });
        }
        askAgain();
      },
    });
    const socket = openSocket(address, reads, {
      connected(times) {
        opening = times;
        ask();
      },
      read: (bytes, end) => response.feed(bytes, 0, end),
      failed(error) {
        clearTimeout(timer);
        events.failed(error);
      },
    });
    return {
      close() {
        clearTimeout(timer);
        socket.close();
      },
    };
  },
};
