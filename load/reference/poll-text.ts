/** The answer to a poll as a user reads it: its status, and the whole text through `JSON.parse`. */
import { nowNs } from "../clock.ts";
import type { PollConnectionEvents } from "../client/poll-connection.ts";
import type { Reads } from "../transport.ts";
import { checkHello } from "../wire/hello.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

/** Hands on what the answer holds. Throws {@link ProtocolError}, and then nothing was handed on. */
export function readPollText(path: string, status: number, text: string, events: PollConnectionEvents, reads: Reads): void {
  // Users see all messages of an answer when the library hands it over.
  reads.receivedNs = nowNs();
  if (status === 204 && events.nothing !== undefined) {
    events.nothing();
    return;
  }
  if (status !== 200) throw new ProtocolError(`GET ${path} was answered ${status}`, "http_status");
  const answer = parse(text);
  const hello = checkHello(answer, text);
  const { messages } = answer as { messages?: unknown };
  if (!Array.isArray(messages) || !messages.every((each) => typeof each === "string"))
    throw new ProtocolError(`no messages in ${JSON.stringify(text.slice(0, 80))}`);
  for (const message of messages) {
    const bytes = Buffer.from(message);
    events.message(bytes, 0, bytes.length);
  }
  events.answered(hello);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
