/**
 * ws's framing on a stream that was not upgraded by HTTP/1.1. ws does so within itself only: `setSocket` is documented nowhere, and its
 * types do not know it. Read in ws 8.23.0, which package.json pins; the conformance tests hold it.
 */
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";

interface FramingOptions {
  /** Whether this end is the server's, which takes masked frames and sends bare ones. */
  readonly isServer: boolean;
  /** The longest message taken, in bytes. */
  readonly maxPayload: number;
  /** Whether pings are answered; they are unless said. */
  readonly autoPong?: boolean;
}

interface Internals {
  _isServer: boolean;
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

const BareWebSocket = WebSocket as unknown as new (address: null, protocols: undefined, options: object) => WebSocket & Internals;

/** One end of an open WebSocket whose frames the stream carries. */
export function openOnStream(stream: Duplex, { isServer, ...given }: FramingOptions): WebSocket {
  const options = { ...DEFAULTS, ...given };
  const socket = new BareWebSocket(null, undefined, options);
  socket._isServer = isServer;
  socket.setSocket(stream, Buffer.alloc(0), options);
  return socket;
}
