/** One HTTP/2 connection with many streams, on node:http2: a pooling client does not let its streams be chosen. */
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

/** Asks for the path, and tells what is read from the answer. */
export type ShareSession = (session: ClientHttp2Session, path: string, heard: (text: string) => void) => ClientHttp2Stream;

/** A request whose answer is text. */
export const askText: ShareSession = (session, path, heard) => {
  const stream = session.request({ ":path": path });
  stream.on("error", () => {});
  return stream.setEncoding("utf8").on("data", heard);
};

/** Asks so often for the path, and waits for what is heard first on each. */
export function openStreams(share: ShareSession, session: ClientHttp2Session, path: string, count: number): Promise<SharedStream[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      let received = "";
      let look = (): void => {};
      const stream = await new Promise<ClientHttp2Stream>((resolve) => {
        const asked = share(session, path, (text) => {
          received += text;
          look();
          resolve(asked);
        });
      });
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
