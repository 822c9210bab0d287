/** HTTP streaming over HTTP/1.1 on undici. */
import { subscribeLines } from "../../client/line-subscriber.ts";
import { createLineSplitter } from "../../reference/line-splitter.ts";
import { openUndiciResponse } from "../../reference/undici-response.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "http-stream",
  capabilities: { polls: false, asksAgain: false },
  subscribe: subscribeLines(openUndiciResponse, createLineSplitter),
};
