/**
 * What a subscriber sends over HTTP/2: each message a POST on a stream of its own, once the one before it was answered, for streams
 * keep no order among themselves.
 */
import type { ClientHttp2Session } from "node:http2";
import type { Traffic, Upward } from "../transport.ts";

/** `ended` is told the status of each answer, or nothing where a stream ended without. */
export function createSessionPosts(
  session: () => ClientHttp2Session | undefined,
  path: string,
  traffic: Traffic,
  ended: (status: number | undefined) => void,
): Upward {
  const waiting: Buffer[] = [];
  let underWay = false;
  let unsentBytes = 0;

  function next(): void {
    const message = waiting.shift();
    underWay = message !== undefined;
    if (message === undefined) return;
    traffic.requests++;
    const stream = session()!.request({ ":method": "POST", ":path": path, "content-length": message.length });
    let status: number | undefined;
    stream.once("response", (headers) => (status = headers[":status"]));
    // Its close follows, without a status.
    stream.on("error", () => {});
    stream.once("finish", () => (unsentBytes -= message.length));
    stream.resume();
    stream.once("close", () => {
      ended(status);
      if (status === 204) next();
    });
    stream.end(message);
  }

  return {
    send(message) {
      waiting.push(Buffer.from(message));
      unsentBytes += message.length;
      if (!underWay) next();
    },
    unsentBytes: () => unsentBytes,
  };
}
