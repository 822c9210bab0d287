/** One HTTP/2 connection with many streams, on node:http2: a pooling client does not let its streams be chosen. */
import { once } from "node:events";
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type SecureClientSessionOptions,
} from "node:http2";
import type { ServerProcess } from "./server-process.ts";

export interface SharedStream {
  readonly stream: ClientHttp2Stream;
  /** Resolves once the text was received; what came before it is forgotten. */
  until(text: string): Promise<void>;
}

export function openSession({ url, ready }: ServerProcess, options: ClientSessionOptions = {}): ClientHttp2Session {
  const secured: SecureClientSessionOptions = ready.ca === undefined ? options : { ...options, ca: ready.ca };
  const session = connect(url, secured);
  // Told to each stream, too.
  session.on("error", () => {});
  return session;
}

/** The code a stream is closed with. */
export function closedWith(stream: ClientHttp2Stream): Promise<number> {
  stream.on("error", () => {});
  return new Promise((resolve) => stream.once("close", () => resolve(stream.rstCode)));
}

/** Asks so often for the path, and waits for the first bytes of each answer. */
export function openStreams(session: ClientHttp2Session, path: string, count: number): Promise<SharedStream[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const stream = session.request({ ":path": path });
      let received = "";
      let look = (): void => {};
      stream.on("error", () => {});
      stream.setEncoding("utf8").on("data", (text: string) => {
        received += text;
        look();
      });
      await once(stream, "data");
      return {
        stream,
        until: (text) =>
          new Promise<void>((resolve) => {
            look = () => {
              const at = received.indexOf(text);
              if (at < 0) return;
              received = received.slice(at + text.length);
              look = () => {};
              resolve();
            };
            look();
          }),
      };
    }),
  );
}
