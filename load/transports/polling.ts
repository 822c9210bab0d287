/** Polling over HTTP/1.1: a request every interval on a kept connection, answered at once with what is new. */
import { openSocket, where } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createGrowing } from "../wire/growing.ts";
import { createResponseParser } from "../wire/http1.ts";
import { readPollAnswer } from "../wire/poll-answer.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

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
    /** A body that came in pieces. */
    const pieces = createGrowing();

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

    function answered(bytes: Buffer, start: number, end: number): void {
      const hello = readPollAnswer(bytes, start, end, events.payload);
      after = `&after=${hello.next - 1}`;
      if (!opened) {
        opened = true;
        dueAt = performance.now() - (1 - pollPhase) * pollIntervalMs;
        events.opened(hello, { ...opening, upgradeMs: performance.now() - askedAt });
      }
      askAgain();
    }

    let bodyLength = -1;
    let whole = false;
    const response = createResponseParser({
      head({ status, headers }) {
        if (status !== 200) throw new ProtocolError(`GET /poll was answered ${status}`, "http_status");
        bodyLength = Number(headers.get("content-length") ?? -1);
        whole = false;
      },
      body(bytes, start, end) {
        whole = pieces.length === 0 && end - start === bodyLength;
        if (whole) answered(bytes, start, end);
        else pieces.append(bytes, start, end);
      },
      end() {
        if (whole) return;
        answered(pieces.bytes, 0, pieces.length);
        pieces.clear();
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
