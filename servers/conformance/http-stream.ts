/** HTTP streaming with undici's fetch. */
import type { Hello } from "../contract.ts";
import { target, type Client } from "./client.ts";
import { openResponse, readUntil, stallResponse } from "./held-response.ts";
import { createInbox } from "./inbox.ts";
import { polling } from "./polling.ts";
import { askText } from "./session.ts";

const HEARTBEAT = "\r";

export const httpStream: Client = {
  path: "/stream",
  cursor: "from",
  holds: true,
  keepsCr: true,
  async subscribe(server, query) {
    const { response, dispatcher } = await openResponse(server, target(httpStream, query));
    const inbox = createInbox<string>();
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let partial = "";

    /** Until the server ends the response; one that is cut ends nothing, it only fails who waits. */
    async function read(ended: (how: "end") => void): Promise<void> {
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (partial + decoder.decode(value as Uint8Array, { stream: true })).split("\n");
          partial = lines.pop()!;
          for (const line of lines) if (line !== HEARTBEAT) inbox.push(line);
        }
        inbox.fail(new Error("the response ended"));
        ended("end");
      } catch (error) {
        inbox.fail(error as Error);
      }
    }
    const ended = new Promise<"end">((resolve) => void read(resolve));
    return {
      hello: JSON.parse(await inbox.next()) as Hello,
      take: inbox.take,
      async leave() {
        await reader.cancel();
        await dispatcher.close();
      },
      vanish: () => dispatcher.destroy(),
      ended,
    };
  },
  stall: (server, query) => stallResponse(server, target(httpStream, query)),
  heartbeat: (server, topic) => readUntil(server, target(httpStream, { topic }), "\n\r\n"),
  share: askText,
  refused: polling.refused,
};
