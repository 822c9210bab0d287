/** What every WebSocket server here is asked and says, whichever library frames it. */
import type { SubscribeSyntax } from "./subscribe-request.ts";

export const WEBSOCKET_SYNTAX: SubscribeSyntax = { path: "/ws", cursor: "from" };

/** Clients have nothing to say; a control frame has 125 bytes at most. */
export const MAX_PAYLOAD_BYTES = 1024;

/** A close code with its reason. */
export const SERVER_STOPS = [1001, "the server stops"] as const;
export const ONLY_SENDS = [1008, "this server only sends"] as const;
