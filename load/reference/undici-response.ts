/** A request over HTTP/1.1 on undici whose answer does not end. */
import { withoutQuery } from "../client/held-request.ts";
import type { OpenHeldResponse } from "../client/held-response.ts";
import { checkAnswer } from "../client/held-response.ts";
import { createOpening } from "../client/opening.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { describeLibraryError } from "./library-error.ts";
import { createClient } from "./undici-client.ts";

/** Opens a connection of its own for the request. */
export const openUndiciResponse: OpenHeldResponse = (request, events, reads) => {
  const { address, path, headers } = request;
  const opening = createOpening();
  let over = false;

  const { client, close } = createClient(address, reads, (times) => {
    opening.asked(times);
    reads.traffic.requests++;
  });

  function fail(error: Error): void {
    if (over) return;
    over = true;
    close();
    events.failed(describeLibraryError(error, address));
  }

  function attempt(read: () => void): void {
    if (over) return;
    try {
      read();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      fail(error);
    }
  }

  client.request({ method: "GET", path, headers }, (error, answer) => {
    if (error !== null) return fail(error);
    attempt(() => {
      checkAnswer(request, answer.statusCode, singleHeader(answer.headers["content-type"]));
      events.answered();
    });
    answer.body.on("error", fail);
    answer.body.on("data", (bytes: Buffer) => attempt(() => events.body(bytes, 0, bytes.length)));
    answer.body.once("end", () => fail(new ProtocolError(`the answer to GET ${withoutQuery(path)} was ended`, "closed")));
  });

  return {
    openTimes: () => opening.times(),
    close() {
      over = true;
      close();
    },
  };
};

function singleHeader(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
