/** Polls over HTTP/1.1 on undici. */
import type { Dispatcher } from "undici";
import { createOpening } from "../client/opening.ts";
import type { OpenPolls } from "../client/poll-connection.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { describeLibraryError } from "./library-error.ts";
import { readPollText } from "./poll-text.ts";
import { createClient } from "./undici-client.ts";

/** undici opens another connection by itself where one was closed between two polls; one that was cut as it was asked is asked again. */
export const openUndiciPolls: OpenPolls = ({ address, path, connection }, events, reads) => {
  const perPoll = connection === "per-poll";
  const opening = createOpening();
  let connections = 0;
  /** What the connection had carried when it was asked; 0 on a new one. */
  let bytesBefore = 0;
  let over = false;

  const { client, bytesRead, close } = createClient(address, reads, (times) => {
    if (connections++ > 0 && !perPoll) reads.traffic.reconnects++;
    opening.asked(times);
    bytesBefore = 0;
  });

  function fail(error: Error): void {
    if (over) return;
    over = true;
    close();
    events.failed(describeLibraryError(error, address));
  }

  function ask(query: string): void {
    bytesBefore = bytesRead();
    reads.traffic.requests++;
    client.request({ method: "GET", path: `${path}?${query}`, reset: perPoll }, (error, answer) => {
      if (error === null) void read(answer);
      else if (!over && isStale(error)) ask(query);
      else fail(error);
    });
  }

  /** A kept connection that was closed before any of the answer came. */
  function isStale(error: Error): boolean {
    const { kind } = describeLibraryError(error, address);
    return (kind === "closed" || kind === "reset") && bytesBefore > 0 && bytesRead() === bytesBefore;
  }

  async function read({ statusCode, body }: Dispatcher.ResponseData): Promise<void> {
    let text: string;
    try {
      text = await body.text();
    } catch (error) {
      fail(error as Error);
      return;
    }
    if (over) return;
    try {
      readPollText(path, statusCode, text, events, reads);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      fail(error);
    }
  }

  return {
    ask,
    openTimes: () => opening.times(),
    close() {
      over = true;
      close();
    },
  };
};
