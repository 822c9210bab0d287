/** Polling with undici's fetch. */
import { setTimeout as delay } from "node:timers/promises";
import { Agent, fetch } from "undici";
import type { PollAnswer } from "../contract.ts";
import { target, type Client } from "./client.ts";

const POLL_EVERY_MS = 5;

export const polling: Client = {
  path: "/poll",
  cursor: "after",
  holds: false,
  keepsCr: true,
  async subscribe(server, query) {
    const dispatcher = new Agent({ connect: { ca: server.ready.ca } });
    async function poll(after: number | undefined): Promise<PollAnswer> {
      const asked = after === undefined ? { topic: query.topic } : { topic: query.topic, after };
      const response = await fetch(`${server.url}${target(polling, asked)}`, { dispatcher });
      return (await response.json()) as PollAnswer;
    }
    const first = await poll(query.after);
    const arrived = [...first.messages];
    let { next } = first;
    return {
      hello: { next: first.next - first.messages.length, missed: first.missed },
      async take(count) {
        while (arrived.length < count) {
          const answer = await poll(next - 1);
          if (answer.messages.length === 0) await delay(POLL_EVERY_MS);
          arrived.push(...answer.messages);
          next = answer.next;
        }
        return arrived.splice(0, count);
      },
      leave: () => dispatcher.close(),
      vanish: () => dispatcher.destroy(),
      ended: new Promise(() => {}),
    };
  },
  async refused(server, path) {
    const dispatcher = new Agent({ connect: { ca: server.ready.ca } });
    const { status } = await fetch(`${server.url}${path}`, { dispatcher });
    await dispatcher.destroy();
    return status;
  },
};
