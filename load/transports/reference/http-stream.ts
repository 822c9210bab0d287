/** HTTP streaming over HTTP/1.1 on undici. */
import { subscribeSplitLines } from "../../reference/line-subscriber.ts";
import { openUndiciResponse } from "../../reference/undici-response.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "http-stream",
  capabilities: { polls: false },
  subscribe: subscribeSplitLines(openUndiciResponse),
};
