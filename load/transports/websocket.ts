/** WebSocket over HTTP/1.1 (RFC 6455): an upgrade, then frames. */
import { openSocket, where } from "../socket.ts";
import type { OpenTimes, Transport } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import { readHello } from "../wire/hello.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { clientFrame, createFrameParser, OPCODES, upgradeRequest } from "../wire/websocket.ts";

export const transport: Transport = {
  name: "websocket",
  capabilities: { polls: false },

  subscribe({ address, topic }, events, reads) {
    const { request, accept } = upgradeRequest(`/ws?topic=${topic}`, where(address));
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;
    let opened = false;

    const frames = createFrameParser({
      message(bytes, start, end) {
        if (opened) {
          events.payload(bytes, start, end);
          return;
        }
        opened = true;
        events.opened(readHello(bytes, start, end), { ...opening, upgradeMs: performance.now() - askedAt });
      },
      ping: (payload) => socket.write(clientFrame(OPCODES.pong, payload)),
      close(code, reason) {
        throw new ProtocolError(`closed with ${code}${reason === "" ? "" : ` "${reason}"`}`, "closed");
      },
    });
    const response = createResponseParser({
      head({ status, headers }) {
        if (status !== 101) throw new ProtocolError(`the upgrade of /ws was answered ${status}`, "http_status");
        if (headers.get("sec-websocket-accept") !== accept)
          throw new ProtocolError("the upgrade was answered with a wrong Sec-WebSocket-Accept");
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
