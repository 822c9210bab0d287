/** A response that does not end, with undici's fetch. */
import { fetch, type Dispatcher, type Response } from "undici";
import type { Stalled } from "./client.ts";
import { openDispatcher } from "./dispatcher.ts";
import type { ServerProcess } from "./server-process.ts";

export interface HeldResponse {
  readonly response: Response;
  readonly dispatcher: Dispatcher;
}

export async function openResponse(server: ServerProcess, path: string): Promise<HeldResponse> {
  const dispatcher = openDispatcher(server);
  return { response: await fetch(`${server.url}${path}`, { dispatcher }), dispatcher };
}

/** Reads what comes first, then nothing more. */
export async function stallResponse(server: ServerProcess, path: string): Promise<Stalled> {
  const { response, dispatcher } = await openResponse(server, path);
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
}

/** Reads a fresh, silent response until its text ends so. */
export async function readUntil(server: ServerProcess, path: string, ending: string): Promise<void> {
  const { response, dispatcher } = await openResponse(server, path);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.endsWith(ending)) break;
  }
  await dispatcher.destroy();
  if (!text.endsWith(ending)) throw new Error(`the response ended without ${JSON.stringify(ending)}: ${text}`);
}
