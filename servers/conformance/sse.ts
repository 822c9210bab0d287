/** Server-sent events with undici's EventSource; its fetch where an EventSource shows nothing: silence, comments, refusals. */
import { once } from "node:events";
import { Agent, EventSource, fetch, type MessageEvent, type Response } from "undici";
import type { Hello } from "../contract.ts";
import { target, type Client, type SubscribeQuery } from "./client.ts";
import { createInbox } from "./inbox.ts";
import { polling } from "./polling.ts";
import type { ServerProcess } from "./server-process.ts";

export const sse: Client = {
  path: "/events",
  cursor: "after",
  holds: true,
  keepsCr: false,
  async subscribe(server, query) {
    const dispatcher = new Agent({ connect: { ca: server.ready.ca } });
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
  async stall(server, query) {
    const { response, dispatcher } = await open(server, query);
    const reader = response.body!.getReader();
    await reader.read();
    return {
      async readToEnd() {
        try {
          while (!(await reader.read()).done);
        } catch {
          // Cut in the middle, as it should be.
        }
      },
      vanish: () => dispatcher.destroy(),
    };
  },
  async heartbeat(server, topic) {
    const { response } = await open(server, { topic });
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.endsWith("\n\n:\n\n")) return;
    }
    throw new Error(`the stream ended without a comment: ${text}`);
  },
  refused: polling.refused,
};

async function open(server: ServerProcess, query: SubscribeQuery): Promise<{ response: Response; dispatcher: Agent }> {
  const dispatcher = new Agent({ connect: { ca: server.ready.ca } });
  return { response: await fetch(`${server.url}${target(sse, query)}`, { dispatcher }), dispatcher };
}
