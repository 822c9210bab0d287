/** Lines as users split them out of the text they are handed. */
import { nowNs } from "../clock.ts";
import type { CreateLineParser } from "../client/line-subscriber.ts";

export const createLineSplitter: CreateLineParser = (sink, reads) => {
  const decoder = new TextDecoder();
  /** A line whose end has not come. */
  let partial = "";
  return {
    feed(bytes, start, end) {
      partial += decoder.decode(bytes.subarray(start, end), { stream: true });
      const lines = partial.split("\n");
      partial = lines.pop()!;
      for (const text of lines) {
        reads.receivedNs = nowNs();
        const own = Buffer.from(text);
        sink.line(own, 0, own.length);
      }
    },
  };
};
