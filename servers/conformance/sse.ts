/** Server-sent events with undici's EventSource; its fetch where an EventSource shows nothing: silence, comments, refusals. */
import { once } from "node:events";
import { EventSource, type MessageEvent } from "undici";
import type { Hello } from "../contract.ts";
import { target, type Client } from "./client.ts";
import { openDispatcher } from "./dispatcher.ts";
import { readUntil, stallResponse } from "./held-response.ts";
import { createInbox } from "./inbox.ts";
import { polling } from "./polling.ts";
import { askText } from "./session.ts";

export const sse: Client = {
  path: "/events",
  cursor: "after",
  holds: true,
  keepsCr: false,
  async subscribe(server, query) {
    const dispatcher = openDispatcher(server);
    const source = new EventSource(`${server.url}${target(sse, query)}`, { node: { dispatcher } });
    const inbox = createInbox<string>();
    source.addEventListener("message", (event) => inbox.push(event.data as string));
    const ended = once(source, "error").then(() => {
      source.close();
      inbox.fail(new Error("the event stream ended"));
      return "end" as const;
    });
    const [hello] = (await Promise.race([once(source, "hello"), ended.then(() => Promise.reject(new Error("no event stream")))])) as [
      MessageEvent<string>,
    ];
    return {
      hello: JSON.parse(hello.data) as Hello,
      take: inbox.take,
      async leave() {
        source.close();
        await dispatcher.close();
      },
      async vanish() {
        await dispatcher.destroy();
        source.close();
      },
      ended,
    };
  },
  stall: (server, query) => stallResponse(server, target(sse, query)),
  heartbeat: (server, topic) => readUntil(server, target(sse, { topic }), "\n\n:\n\n"),
  share: askText,
  refused: polling.refused,
};
