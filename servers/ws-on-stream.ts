/**
 * ws's framing on a stream that was not upgraded by HTTP/1.1. ws does so within itself only: `setSocket` is documented nowhere, and its
 * types do not know it. Read in ws 8.23.0, which package.json pins; the conformance tests hold it.
 */
import type { Duplex } from "node:stream";
import * as ws from "ws";
import type { PerMessageDeflateOptions, WebSocket } from "ws";

interface FramingOptions {
  /** Whether this end is the server's, which takes masked frames and sends bare ones. */
  readonly isServer: boolean;
  /** The longest message taken, in bytes. */
  readonly maxPayload: number;
  /** Whether pings are answered; they are unless said. */
  readonly autoPong?: boolean;
  readonly deflate?: Deflate;
}

/** ws's permessage-deflate, its parameters agreed to. */
export interface Deflate {
  /** By the parameter's name. */
  readonly params: Readonly<Record<string, true | number>>;
}

interface NegotiatedDeflate extends Deflate {
  offer(): Record<string, true | number>;
  /** Throws where the other side's offer or answer cannot be. */
  accept(configurations: readonly object[]): void;
}

interface Internals {
  _isServer: boolean;
  _extensions: Record<string, Deflate>;
  setSocket(stream: Duplex, head: Buffer, options: object): void;
}

/** As ws's own server has them. */
const DEFAULTS = {
  allowSynchronousEvents: true,
  autoPong: true,
  closeTimeout: 30_000,
  maxBufferedChunks: 256 * 1024,
  maxFragments: 16 * 1024,
  maxPendingAutoPongs: 60,
  skipUTF8Validation: false,
};

/** All of it is exported by ws; its types do not know. */
const {
  WebSocket: BareWebSocket,
  PerMessageDeflate,
  extension,
} = ws as unknown as {
  readonly WebSocket: new (address: null, protocols: undefined, options: object) => WebSocket & Internals;
  readonly PerMessageDeflate: (new (options: object) => NegotiatedDeflate) & { readonly extensionName: string };
  readonly extension: {
    parse(header: string): Record<string, object[]>;
    format(extensions: Record<string, object[]>): string;
  };
};

/** One end of an open WebSocket whose frames the stream carries. */
export function openOnStream(stream: Duplex, { isServer, deflate, ...given }: FramingOptions): WebSocket {
  const options = { ...DEFAULTS, ...given };
  const socket = new BareWebSocket(null, undefined, options);
  socket._isServer = isServer;
  if (deflate !== undefined) socket._extensions = { [PerMessageDeflate.extensionName]: deflate };
  socket.setSocket(stream, Buffer.alloc(0), options);
  return socket;
}

/** What the server's end agrees to of `Sec-WebSocket-Extensions`; throws where the offer is malformed. */
export function acceptDeflate(
  offered: string | undefined,
  options: PerMessageDeflateOptions,
  maxPayload: number,
): { readonly deflate: Deflate; readonly answer: string } | undefined {
  const offers = offered === undefined ? undefined : extension.parse(offered)[PerMessageDeflate.extensionName];
  if (offers === undefined) return undefined;
  const deflate = new PerMessageDeflate({ ...options, isServer: true, maxPayload });
  deflate.accept(offers);
  return { deflate, answer: extension.format({ [PerMessageDeflate.extensionName]: [deflate.params] }) };
}

/** What the client's end offers, and how it takes the answer. */
export function offerDeflate(maxPayload: number): { readonly offer: string; agreed(answer: string): Deflate } {
  const deflate = new PerMessageDeflate({ maxPayload });
  return {
    offer: extension.format({ [PerMessageDeflate.extensionName]: [deflate.offer()] }),
    agreed(answer) {
      deflate.accept(extension.parse(answer)[PerMessageDeflate.extensionName] ?? []);
      return deflate;
    },
  };
}
