/** A subscriber of HTTP streaming that splits the text it is handed as users do, whatever HTTP carries it. */
import { nowNs } from "../clock.ts";
import { linesRequest } from "../held-request.ts";
import type { OpenHeldResponse } from "../held-response.ts";
import type { Transport } from "../transport.ts";
import { readHello } from "../wire/hello.ts";

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeSplitLines(open: OpenHeldResponse): Transport["subscribe"] {
  return (subscription, events, reads) => {
    const { foreign } = subscription;
    const decoder = new TextDecoder();
    /** A line whose end has not come. */
    let partial = "";
    let opened = false;

    function line(text: string): void {
      // A heartbeat.
      if (text === "\r") return;
      reads.receivedNs = nowNs();
      const bytes = Buffer.from(text);
      if (opened || foreign !== undefined) {
        events.payload(bytes, 0, bytes.length);
        return;
      }
      opened = true;
      events.opened(readHello(bytes, 0, bytes.length), response.openTimes());
    }

    function body(bytes: Buffer, start: number, end: number): void {
      partial += decoder.decode(bytes.subarray(start, end), { stream: true });
      const lines = partial.split("\n");
      partial = lines.pop()!;
      for (const each of lines) line(each);
    }

    const answered = (): void => {
      if (foreign !== undefined) events.opened(undefined, response.openTimes());
    };
    const response = open(linesRequest(subscription), { answered, body, failed: events.failed }, reads);
    return response;
  };
}
