/** Events as eventsource-parser hands them over, of text as a user decodes it. */
import { createParser } from "eventsource-parser";
import { nowNs } from "../clock.ts";
import type { CreateEventParser } from "../client/event-subscriber.ts";

export const createLibraryEventParser: CreateEventParser = (sink, reads) => {
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ event: type = "message", data }) {
      // This is when users see it.
      reads.receivedNs = nowNs();
      const bytes = Buffer.from(data);
      sink.event(type, bytes, 0, bytes.length);
    },
  });
  return { feed: (bytes, start, end) => parser.feed(decoder.decode(bytes.subarray(start, end), { stream: true })) };
};
