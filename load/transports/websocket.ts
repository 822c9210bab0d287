/** WebSocket over HTTP/1.1 (RFC 6455): an upgrade, then frames. */
import type { Hello } from "../../servers/contract.ts";
import { withoutQuery } from "../held-request.ts";
import { openSocket, where } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import { readHello } from "../wire/hello.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { clientFrame, createFrameParser, OPCODES, upgradeRequest } from "../wire/websocket.ts";

export const transport: Transport = {
  name: "websocket",
  capabilities: { polls: false },

  subscribe({ address, topic, foreign }, events, reads) {
    const path = foreign?.path ?? `/ws?topic=${topic}`;
    const { request, accept } = upgradeRequest(path, { host: where(address), ...foreign?.headers });
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;

    const frames = createFrameParser({
      message(bytes, start, end) {
        if (opened) {
          if (foreign !== undefined) answer(bytes, start, end);
          events.payload(bytes, start, end);
          return;
        }
        open(readHello(bytes, start, end));
      },
      ping: (payload) => socket.write(clientFrame(OPCODES.pong, payload)),
      close(code, reason) {
        throw new ProtocolError(`closed with ${code}${reason === "" ? "" : ` "${reason}"`}`, "closed");
      },
    });
    const response = createResponseParser({
      head({ status, headers }) {
        if (status !== 101) throw new ProtocolError(`the upgrade of ${withoutQuery(path)} was answered ${status}`, "http_status");
        if (headers.get("sec-websocket-accept") !== accept)
          throw new ProtocolError("the upgrade was answered with a wrong Sec-WebSocket-Accept");
        if (foreign === undefined) return;
        for (const frame of foreign.frames) socket.write(clientFrame(OPCODES.text, Buffer.from(frame)));
        open(undefined);
      },
      body() {
        throw new ProtocolError("a body where frames were due");
      },
      end() {
        throw new ProtocolError("an HTTP answer where frames were due");
      },
      upgraded: frames.feed,
    });
    const open = (hello: Hello | undefined): void => {
      opened = true;
      events.opened(hello, { ...opening, upgradeMs: performance.now() - askedAt });
    };
    const answers = new Map(Object.entries(foreign?.answers ?? {}));
    const longestAsked = Math.max(0, ...[...answers.keys()].map((frame) => Buffer.byteLength(frame)));
    const answer = (bytes: Buffer, start: number, end: number): void => {
      if (end - start > longestAsked) return;
      const frame = answers.get(bytes.toString("utf8", start, end));
      if (frame !== undefined) socket.write(clientFrame(OPCODES.text, Buffer.from(frame)));
    };
    const socket = openSocket(address, reads, {
      connected(times) {
        opening = times;
        askedAt = performance.now();
        reads.traffic.requests++;
        socket.write(request);
      },
      read: (bytes, end) => response.feed(bytes, 0, end),
      failed: events.failed,
    });
    return {
      close() {
        // 1000, normal closure; the answer is not waited for.
        if (opened) socket.write(clientFrame(OPCODES.close, Uint8Array.of(0x03, 0xe8)));
        socket.close();
      },
    };
  },
};
