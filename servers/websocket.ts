/** What every WebSocket server here is asked and says, whichever library frames it. */
import { MAX_MESSAGE_BYTES } from "./contract.ts";
import type { Echo } from "./echo.ts";
import type { SubscribeSyntax } from "./subscribe-request.ts";

export const WEBSOCKET_SYNTAX: SubscribeSyntax = { path: "/ws", cursor: "from" };

/** The longest frame taken. Clients have nothing to say unless they may send; a control frame has 125 bytes at most. */
export function longestFrame(echo: Echo | undefined): number {
  return echo === undefined ? 1024 : MAX_MESSAGE_BYTES;
}

/** A close code with its reason. */
export const SERVER_STOPS = [1001, "the server stops"] as const;
const ONLY_SENDS = [1008, "this server only sends"] as const;
const POLICY_VIOLATION = 1008;

/** Takes a data frame of the subscriber of a topic; answers what its socket is to be closed with, or nothing where it goes on. */
export function takeFrame(echo: Echo | undefined, topic: string, frame: Buffer): readonly [code: number, reason: string] | undefined {
  if (echo === undefined) return ONLY_SENDS;
  const refusal = echo.publish(topic, frame);
  return refusal && [POLICY_VIOLATION, refusal.message];
}
