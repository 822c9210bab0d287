/** Whether a server gives back what event streams took once they are closed. */
import { once } from "node:events";
import { openEventSource } from "./event-source.ts";
import type { Lab } from "./lab.ts";

const TOPIC = "news";
const SOURCES = 50;
const PATIENCE_MS = 5000;

/** Descriptors `before`, while they are `open` and `after`, where the kernel tells; `subscriptions` that are left; and `took_ms` until all was given back. */
export async function closedEventSources(lab: Lab): Promise<Readonly<Record<string, number>>> {
  const server = await lab.start("sse-node");
  // Its own connection to be asked is there from the first answer on.
  await server.stats();
  const before = await server.descriptors();
  const sources = Array.from({ length: SOURCES }, () =>
    openEventSource(`http://${server.address.host}:${server.address.port}/events?topic=${TOPIC}`),
  );
  lab.atEnd(() => sources.forEach((source) => source.close()));
  await Promise.all(sources.map((source) => once(source, "hello", { signal: lab.signal })));
  const open = await server.descriptors();
  for (const source of sources) source.close();
  const closedAt = performance.now();
  let subscriptions: number;
  let after: number | undefined;
  do {
    ({ subscriptions } = await server.stats());
    after = await server.descriptors();
  } while ((subscriptions > 0 || (after ?? 0) > (before ?? 0)) && performance.now() - closedAt < PATIENCE_MS);
  const tookMs = performance.now() - closedAt;
  return {
    ...{ sources: SOURCES, subscriptions, took_ms: tookMs },
    ...(before === undefined || open === undefined || after === undefined ? {} : { before, open, after }),
  };
}
