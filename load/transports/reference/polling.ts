/** Polling over HTTP/1.1 on undici; in a closed loop on autocannon, which is made for it. */
import { subscribePolls } from "../../client/poll-subscriber.ts";
import { openAutocannonPolls } from "../../reference/autocannon-polls.ts";
import { openUndiciPolls } from "../../reference/undici-polls.ts";
import type { Transport } from "../../transport.ts";

const onGrid = subscribePolls(openUndiciPolls);
const inClosedLoop = subscribePolls(openAutocannonPolls);

export const transport: Transport = {
  name: "polling",
  capabilities: { polls: true, asksAgain: false },
  subscribe: (subscription, ...rest) => (subscription.pollIntervalMs === 0 ? inClosedLoop : onGrid)(subscription, ...rest),
};
