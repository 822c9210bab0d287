/** Polling over HTTP/1.1: a request every interval, on a kept connection or a new one each time, answered at once with what is new. */
import type { Hello } from "../../servers/contract.ts";
import { openSocket, where } from "../socket.ts";
import type { LeanSocket } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createPollResponseParser } from "../wire/poll-response.ts";

export const transport: Transport = {
  name: "polling",
  capabilities: { polls: true },

  subscribe({ address, topic, pollIntervalMs, pollConnection, pollPhase }, events, reads) {
    const perPoll = pollConnection === "per-poll";
    const headers = `Host: ${where(address)}\r\n${perPoll ? "Connection: close\r\n" : ""}`;
    /** Of the first connection. */
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;
    let after = "";
    let dueAt = 0;
    let timer: NodeJS.Timeout | undefined;
    let socket: LeanSocket;

    function connect(): void {
      const response = createPollResponseParser("/poll", { message: events.payload, answered });
      socket = openSocket(address, reads, {
        connected(times) {
          if (!opened) opening = times;
          ask();
        },
        read: (bytes, end) => response.feed(bytes, 0, end),
        failed(error) {
          clearTimeout(timer);
          events.failed(error);
        },
      });
    }

    function ask(): void {
      askedAt = performance.now();
      reads.traffic.requests++;
      socket.write(`GET /poll?topic=${topic}${after} HTTP/1.1\r\n${headers}\r\n`);
    }

    function answered(hello: Hello): void {
      after = `&after=${hello.next - 1}`;
      // Not left to the server: its end would be taken for a failure.
      if (perPoll) socket.close();
      if (!opened) {
        opened = true;
        dueAt = performance.now() - (1 - pollPhase) * pollIntervalMs;
        events.opened(hello, { ...opening, upgradeMs: performance.now() - askedAt });
      }
      askAgain();
    }

    /** Polls keep to their own grid, so that a slow answer does not stretch the interval; a beat that an answer ran over is left out. */
    function askAgain(): void {
      const now = performance.now();
      do dueAt += pollIntervalMs;
      while (dueAt < now);
      timer = setTimeout(perPoll ? connect : ask, dueAt - now);
    }

    connect();
    return {
      close() {
        clearTimeout(timer);
        socket.close();
      },
    };
  },
};
