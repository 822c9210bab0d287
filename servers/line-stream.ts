/** A line a message, as a server writes it: the hello as JSON, then bare payloads. */
import type { StreamFormat } from "./held-streams.ts";

export const lineStream: StreamFormat = {
  contentType: "text/plain; charset=utf-8",
  hello: (hello) => `${JSON.stringify(hello)}\n`,
  message: ({ payload }) => Buffer.from(`${payload}\n`),
  // With a CR, which no published line should hold: an empty message is an empty line.
  heartbeat: "\r\n",
};
