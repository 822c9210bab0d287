/**
 * The body of `POST /publish` as it arrives: lines of topic, TAB, payload, cut at LF wherever the chunks end. It stands in the CPU
 * figures of every transport, so a chunk is scanned once for LF, and a topic's name is judged only when it is new.
 */
import { isUtf8 } from "node:buffer";
import { MAX_MESSAGE_BYTES, TOPIC_PATTERN, type PublishAnswer } from "./contract.ts";
import type { Hub } from "./hub.ts";

export interface Ingest {
  write(chunk: Buffer): void;
  /** The body has ended: what was left without its LF is a line as well. */
  end(): PublishAnswer;
}

const LF = 0x0a;
const TAB = 0x09;
const TOPIC_MAX_BYTES = 64;
const LINE_MAX_BYTES = TOPIC_MAX_BYTES + 1 + MAX_MESSAGE_BYTES;

export function createIngest(hub: Pick<Hub, "publish" | "knows">): Ingest {
  /** The beginning of a line whose LF has not come yet. */
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let skipping = false;
  let published = 0;
  let refused = 0;
  let reason: string | undefined;

  function refuse(why: string): void {
    refused++;
    reason ??= why;
  }

  function line(bytes: Buffer, from: number, to: number, clean: boolean): void {
    const tab = bytes.indexOf(TAB, from);
    if (tab < 0 || tab >= to) return refuse("a line without TAB: expected topic, TAB, payload, LF");
    if (to - tab - 1 > MAX_MESSAGE_BYTES) return refuse(tooLong(to - tab - 1));
    const topic = bytes.toString("latin1", from, Math.min(tab, from + TOPIC_MAX_BYTES + 1));
    if (!hub.knows(topic) && !TOPIC_PATTERN.test(topic)) {
      return refuse(`ill-formed topic ${JSON.stringify(topic)}: expected 1 to 64 of A-Z a-z 0-9 _ . -`);
    }
    if (!clean && !isUtf8(bytes.subarray(tab + 1, to))) return refuse(`a payload on topic "${topic}" is not UTF-8`);
    hub.publish(topic, bytes.toString("utf8", tab + 1, to));
    published++;
  }

  function hold(rest: Buffer): void {
    if (skipping || rest.length === 0) return;
    if (begunBytes + rest.length > LINE_MAX_BYTES) {
      refuse(tooLong(begunBytes + rest.length));
      skipping = true;
      begun = [];
      begunBytes = 0;
    } else {
      begun.push(rest);
      begunBytes += rest.length;
    }
  }

  function finishBegun(rest: Buffer): void {
    hold(rest);
    if (!skipping) {
      const whole = Buffer.concat(begun);
      line(whole, 0, whole.length, false);
    }
    skipping = false;
    begun = [];
    begunBytes = 0;
  }

  return {
    write(chunk) {
      let from = 0;
      let lf = chunk.indexOf(LF);
      if (lf >= 0 && (skipping || begun.length > 0)) {
        finishBegun(chunk.subarray(0, lf));
        from = lf + 1;
        lf = chunk.indexOf(LF, from);
      }
      if (lf >= 0) {
        const clean = isUtf8(chunk.subarray(from, chunk.lastIndexOf(LF)));
        for (; lf >= 0; lf = chunk.indexOf(LF, from)) {
          line(chunk, from, lf, clean);
          from = lf + 1;
        }
      }
      hold(chunk.subarray(from));
    },
    end() {
      if (begun.length > 0) finishBegun(Buffer.alloc(0));
      return { published, refused, ...(reason === undefined ? {} : { reason }) };
    },
  };
}

function tooLong(bytes: number): string {
  return `a line of at least ${bytes} bytes: a message has ${MAX_MESSAGE_BYTES} bytes at most`;
}
