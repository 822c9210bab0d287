/** Polling with undici's fetch, of answers that come at once and of those that wait. */
import { setTimeout as delay } from "node:timers/promises";
import { fetch } from "undici";
import type { PollAnswer } from "../contract.ts";
import { target, type Client } from "./client.ts";
import { openDispatcher } from "./dispatcher.ts";
import type { ServerProcess } from "./server-process.ts";

const POLL_EVERY_MS = 5;
/** So that who comes back is told at once where it stands; plain polling never waits. */
const NO_WAIT = "&wait=0";

export interface Poll {
  /** Its body as JSON reads it, absent where there is none. */
  readonly answer: Promise<{ readonly status: number; readonly body: unknown }>;
  vanish(): Promise<void>;
}

export const polling = pollingAt("/poll");
export const longPolling = pollingAt("/long-poll");

/** One request on a connection of its own, answered whenever the server does. */
export function poll(server: ServerProcess, path: string): Poll {
  const dispatcher = openDispatcher(server);
  const answer = fetch(`${server.url}${path}`, { dispatcher }).then(async (response) => {
    const body = await response.text();
    return { status: response.status, body: body === "" ? undefined : (JSON.parse(body) as unknown) };
  });
  // One that vanishes has no answer; who awaits it still hears.
  answer.catch(() => {});
  return { answer, vanish: () => dispatcher.destroy() };
}

function pollingAt(path: string): Client {
  return {
    path,
    cursor: "after",
    holds: false,
    keepsCr: true,
    async subscribe(server, query) {
      const dispatcher = openDispatcher(server);
      async function ask(after: number | undefined, wait = ""): Promise<PollAnswer> {
        const asked = after === undefined ? { topic: query.topic } : { topic: query.topic, after };
        const response = await fetch(`${server.url}${target({ path, cursor: "after" }, asked)}${wait}`, { dispatcher });
        // Nothing has come after the cursor, so nothing is missing either.
        if (response.status === 204) return { next: after! + 1, missed: 0, messages: [] };
        return (await response.json()) as PollAnswer;
      }
      const first = await ask(query.after, NO_WAIT);
      const arrived = [...first.messages];
      let { next } = first;
      return {
        hello: { next: first.next - first.messages.length, missed: first.missed },
        async take(count) {
          while (arrived.length < count) {
            const answer = await ask(next - 1);
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
    async refused(server, refusedPath) {
      const dispatcher = openDispatcher(server);
      const { status } = await fetch(`${server.url}${refusedPath}`, { dispatcher });
      await dispatcher.destroy();
      return status;
    },
  };
}
