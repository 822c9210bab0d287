/** An outlet to servers that speak the contract: every message to each of them, on publish streams that stay open. */
import { topicName } from "../assignment.ts";
import type { PublisherAssignment } from "../assignment.ts";
import { writeEnvelope } from "../envelope.ts";
import type { Outlet, Written } from "./outlet.ts";
import { openPublishStream } from "./publish-stream.ts";

/** Messages that are due together are written together up to this many, or this many bytes. */
export const LARGEST_BATCH = 512;
const LARGEST_BATCH_BYTES = 1024 * 1024;
/** Unsent bytes at which a server is taken for stuck: what is due then is counted as not published. */
export const STUCK_BYTES = 64 * 1024 * 1024;

/** Rejects when a control port cannot be reached; `broke` is told when one fails later. */
export async function openStreamOutlet(
  { controls, topicPrefix, topics, payloadBytes }: Pick<PublisherAssignment, "controls" | "topicPrefix" | "topics" | "payloadBytes">,
  written: Written,
  broke: (error: Error) => void,
): Promise<Outlet> {
  const streams = await Promise.all(controls.map((control) => openPublishStream(control, broke)));
  const prefixes = Array.from({ length: topics }, (_, t) => Buffer.from(`${topicName(topicPrefix, t)}\t`));
  const longestLine = prefixes.reduce((longest, { length }) => Math.max(longest, length), 0) + payloadBytes + 1;
  const batch = Buffer.alloc(longestLine * Math.max(1, Math.min(LARGEST_BATCH, Math.ceil(LARGEST_BATCH_BYTES / longestLine))));
  let filled = 0;

  return {
    connections: streams.length,
    waiting: 0,
    unanswered: 0,
    get stuck() {
      return streams.some((stream) => stream.unsentBytes > STUCK_BYTES);
    },
    put(topic, sequence, dueNs, nowNs) {
      const prefix = prefixes[topic]!;
      batch.set(prefix, filled);
      writeEnvelope(batch, filled + prefix.length, payloadBytes, topic, sequence, dueNs, nowNs);
      filled += prefix.length + payloadBytes;
      batch[filled++] = 10;
      written(topic, sequence, dueNs, nowNs);
      return filled + longestLine <= batch.length;
    },
    flush() {
      // The socket may keep the bytes past this turn, so they are copied out of the batch.
      if (filled > 0) for (const stream of streams) stream.write(Buffer.from(batch.subarray(0, filled)));
      filled = 0;
    },
    settle: async () => Math.ceil(Math.max(...streams.map(({ unsentBytes }) => unsentBytes)) / longestLine),
    end: () => Promise.all(streams.map((stream) => stream.end().catch(() => undefined))),
  };
}
