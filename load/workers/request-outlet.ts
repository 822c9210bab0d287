/** An outlet to a foreign server: one HTTP/1.1 request a message, on connections that are kept. */
import { setTimeout as delay } from "node:timers/promises";
import type { PublishAnswer } from "../../servers/contract.ts";
import { topicName } from "../assignment.ts";
import type { PublisherAssignment, PublishRequest } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { writeEnvelope } from "../envelope.ts";
import { where } from "../client/socket.ts";
import { createReads } from "../transport.ts";
import { headerLines } from "../wire/http1.ts";
import type { Outlet, Written } from "./outlet.ts";
import { createQueue } from "./queue.ts";
import { openRequestLane } from "./request-lane.ts";

/** Connections at most; a topic's messages all take the same one, so that they stay in order. */
const MOST_LANES = 32;
/** Messages that may wait for their connection; what is due then is counted as not published. */
const MOST_WAITING = 100_000;
/** How long what waits at the end of the schedule may take to be written, and then to be answered. */
const SETTLE_MS = 1000;
const ANSWER_TIMEOUT_MS = 10_000;
const LOOK_MS = 2;

interface Message {
  readonly topic: number;
  readonly sequence: number;
  readonly dueNs: number;
}

/** Rejects when the server cannot be reached; `broke` is told when that happens later. */
export async function openRequestOutlet(
  { topicPrefix, topics, payloadBytes }: Pick<PublisherAssignment, "topicPrefix" | "topics" | "payloadBytes">,
  request: PublishRequest,
  written: Written,
  broke: (error: Error) => void,
): Promise<Outlet> {
  const withHost = { ...request, headers: { host: where(request.address), ...request.headers } };
  const queues = Array.from({ length: Math.min(topics, MOST_LANES) }, () => createQueue<Message>());
  const reads = createReads();
  const answer = { published: 0, refused: 0 };
  let reason: string | undefined;
  let waiting = 0;
  let unanswered = 0;

  const lanes = await Promise.all(
    queues.map((queue) =>
      openRequestLane(request.address, reads, {
        next() {
          const message = queue.take();
          if (message === undefined) return undefined;
          waiting--;
          unanswered++;
          const { topic, sequence, dueNs } = message;
          const { bytes, places } = renderRequest(withHost, topicName(topicPrefix, topic), payloadBytes);
          const sentNs = Math.round(nowNs());
          for (const place of places) writeEnvelope(bytes, place, payloadBytes, topic, sequence, dueNs, sentNs);
          written(topic, sequence, dueNs, sentNs);
          return bytes;
        },
        answered(refusal) {
          unanswered--;
          if (refusal === undefined) answer.published++;
          else answer.refused++;
          reason ??= refusal;
        },
        broke,
      }),
    ),
  );
  const until = async (over: () => boolean, timeoutMs: number): Promise<void> => {
    const giveUpNs = nowNs() + timeoutMs * 1e6;
    while (!over() && nowNs() < giveUpNs) await delay(LOOK_MS);
  };

  return {
    connections: lanes.length,
    get waiting() {
      return waiting;
    },
    get unanswered() {
      return unanswered;
    },
    get stuck() {
      return waiting >= MOST_WAITING;
    },
    put(topic, sequence, dueNs) {
      const lane = topic % lanes.length;
      queues[lane]!.put({ topic, sequence, dueNs });
      waiting++;
      lanes[lane]!.pump();
      return waiting < MOST_WAITING;
    },
    flush() {},
    async settle() {
      await until(() => waiting === 0, SETTLE_MS);
      for (const queue of queues) queue.clear();
      waiting = 0;
      return 0;
    },
    async end(): Promise<readonly (PublishAnswer | undefined)[]> {
      await until(() => unanswered === 0, ANSWER_TIMEOUT_MS);
      for (const lane of lanes) lane.close();
      return [unanswered > 0 ? undefined : { ...answer, ...(reason === undefined ? {} : { reason }) }];
    },
  };
}

/** The bytes of a request, and where in them the message is to be written. */
export function renderRequest(
  { method, path, headers, body }: Omit<PublishRequest, "address">,
  topic: string,
  payloadBytes: number,
): { readonly bytes: Buffer; readonly places: readonly number[] } {
  const parts = (text: string): Buffer[] =>
    text
      .replaceAll("{topic}", topic)
      .split("{message}")
      .map((part) => Buffer.from(part));
  const bodyParts = parts(body);
  const bodyBytes = bodyParts.reduce((sum, { length }) => sum + length, 0) + (bodyParts.length - 1) * payloadBytes;
  const lines = headerLines({ ...headers, "content-length": String(bodyBytes) });
  const pieces = parts(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`);
  const places: number[] = [];
  const whole: Buffer[] = [];
  let length = 0;
  for (const list of [pieces, bodyParts]) {
    for (const [i, piece] of list.entries()) {
      if (i > 0) {
        places.push(length);
        whole.push(Buffer.allocUnsafe(payloadBytes));
        length += payloadBytes;
      }
      whole.push(piece);
      length += piece.length;
    }
  }
  return { bytes: Buffer.concat(whole, length), places };
}
