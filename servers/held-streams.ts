/** Responses that do not end, under whichever HTTP: who holds one, what the hub writes to it, a heartbeat after silence, its end. */
import type { Hello } from "./contract.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { Message } from "./history.ts";
import { encodeOnce, type Hub, type Subscription } from "./hub.ts";
import type { SubscribeRequest } from "./subscribe-request.ts";

/** How a transport spells what a held response carries. */
export interface StreamFormat {
  /** Its `content-type`. */
  readonly contentType: string;
  hello(hello: Hello): string;
  message(message: Message): Buffer;
  readonly heartbeat: string;
}

/** A response whose head is already sent, or is sent with what is first written: node:http's and node:http2's both are. */
export interface HeldResponse {
  /** Bytes written to it that the kernel has not taken yet. */
  readonly writableLength: number;
  write(bytes: Uint8Array | string, flushed?: (error?: Error | null) => void): unknown;
  end(): unknown;
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

export interface HeldStreams {
  /** Writes the hello, then what the subscriber asked for, until the response closes. */
  hold(response: HeldResponse, asked: SubscribeRequest): void;
  /** Responses held now. */
  count(): number;
  /** Ends them all. */
  close(): void;
}

interface Stream {
  readonly subscription: Subscription;
  silentBeats: number;
}

/** A finer beat than the heartbeat, so that a message need not read the clock to break the silence. */
const BEATS_PER_SILENCE = 4;

/** Holds responses of one format; `heartbeatMs` of silence make a heartbeat, 0 none. */
export function createHeldStreams(hub: Hub, format: StreamFormat, heartbeatMs: number): HeldStreams {
  const streams = new Map<HeldResponse, Stream>();
  const frame = encodeOnce(format.message);
  const frames = encodeOnce((messages: readonly Message[]) => Buffer.concat(messages.map(format.message)));

  const stopHeartbeat = startHeartbeat(heartbeatMs / BEATS_PER_SILENCE, () => {
    for (const [response, stream] of streams) {
      // One that has unsent bytes is not silent, only slow.
      if (++stream.silentBeats < BEATS_PER_SILENCE || response.writableLength > 0) continue;
      stream.silentBeats = 0;
      response.write(format.heartbeat);
    }
  });

  return {
    hold(response, { topic, after }) {
      const subscription = hub.subscribe(topic, after, {
        unsentBytes: () => response.writableLength,
        write(message, flushed) {
          stream.silentBeats = 0;
          response.write(frame(message), flushed && ((error) => error || flushed()));
        },
        writeTogether(messages) {
          stream.silentBeats = 0;
          response.write(frames(messages));
        },
        drop: () => response.destroy(),
      });
      const stream: Stream = { subscription, silentBeats: 0 };
      streams.set(response, stream);
      response.once("close", () => {
        streams.delete(response);
        subscription.end();
      });
      response.write(format.hello(subscription.hello));
      subscription.start();
    },
    count: () => streams.size,
    close() {
      stopHeartbeat();
      for (const [response, { subscription }] of streams) {
        subscription.end();
        response.end();
      }
    },
  };
}
