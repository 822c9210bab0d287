/** What subscribers send up, where a server is started with `--echo`: messages that are published like any other. */
import { isUtf8 } from "node:buffer";
import { MAX_MESSAGE_BYTES } from "./contract.ts";
import { splitUrl, type Refusal } from "./http-server.ts";
import type { Hub } from "./hub.ts";
import { readTopic, type RequestHead } from "./subscribe-request.ts";

export interface Echo {
  /** Publishes one message of a subscriber, or says why it does not. */
  publish(topic: string, message: Buffer): Refusal | undefined;
  /** Takes a `POST /send?topic=T`, or says why it is refused; nothing where the request is for another path. */
  receive(head: RequestHead): SentMessage | Refusal | undefined;
}

/** The body of a `POST /send` as it comes. */
export interface SentMessage {
  write(chunk: Buffer): void;
  /** The body has ended: it is published, unless the answer says why not. */
  end(): Refusal | undefined;
}

const PATH = "/send";
const LF = 0x0a;
const CR = 0x0d;

export function createEcho(hub: Pick<Hub, "publish">): Echo {
  function publish(topic: string, message: Buffer): Refusal | undefined {
    if (message.length === 0) return { status: 400, message: `an empty message: expected 1 to ${MAX_MESSAGE_BYTES} bytes` };
    if (message.length > MAX_MESSAGE_BYTES) return tooLong(message.length);
    if (!isUtf8(message)) return { status: 400, message: "a message that is not UTF-8" };
    if (message.includes(LF) || message.includes(CR)) return { status: 400, message: "a message with CR or LF in it: expected one line" };
    hub.publish(topic, message.toString());
    return undefined;
  }

  function receive(head: RequestHead): SentMessage | Refusal | undefined {
    const { path, query } = splitUrl(head);
    if (path !== PATH) return undefined;
    if (head.method !== "POST") {
      return { status: 405, message: `method ${head.method ?? ""} on ${PATH}: expected POST`, headers: { allow: "POST" } };
    }
    const topic = readTopic(new URLSearchParams(query), PATH);
    if (typeof topic !== "string") return topic;
    const stated = Number(head.headers["content-length"] ?? 0);
    if (stated > MAX_MESSAGE_BYTES) return tooLong(stated);
    let chunks: Buffer[] = [];
    let bytes = 0;
    return {
      write(chunk) {
        bytes += chunk.length;
        // What passes the bound is read on, to be answered, and not kept.
        if (bytes > MAX_MESSAGE_BYTES) chunks = [];
        else chunks.push(chunk);
      },
      end: () => (bytes > MAX_MESSAGE_BYTES ? tooLong(bytes) : publish(topic, Buffer.concat(chunks))),
    };
  }

  return { publish, receive };
}

function tooLong(bytes: number): Refusal {
  return { status: 413, message: `a message of ${bytes} bytes: expected ${MAX_MESSAGE_BYTES} at most` };
}
