/** A program that this project did not think of: a web framework that speaks two transports, event streams and lines of JSON. */
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { stream, streamSSE } from "hono/streaming";
import { listen } from "./listen.ts";

type Listener = (message: string) => Promise<unknown>;
const listeners = new Map<string, Set<Listener>>();

/** Hands on what comes for `topic` until the client leaves. */
function hear(topic: string, left: (callback: () => void) => void, listener: Listener): Promise<void> {
  const all = listeners.get(topic) ?? new Set();
  listeners.set(topic, all.add(listener));
  return new Promise((over) => {
    left(() => {
      all.delete(listener);
      over();
    });
  });
}

const app = new Hono();
app.get("/topics/:topic/events", (context) =>
  streamSSE(context, (out) =>
    hear(
      context.req.param("topic"),
      (over) => out.onAbort(over),
      (data) => out.writeSSE({ event: "update", data }),
    ),
  ),
);
app.get("/topics/:topic/lines", (context) => {
  context.header("Content-Type", "application/x-ndjson");
  return stream(context, (out) =>
    hear(
      context.req.param("topic"),
      (over) => out.onAbort(over),
      (message) => out.write(`${JSON.stringify({ message })}\n`),
    ),
  );
});
app.put("/topics/:topic", async (context) => {
  const { message } = await context.req.json<{ message: string }>();
  for (const listener of listeners.get(context.req.param("topic")) ?? []) void listener(message);
  return context.json({ heard: listeners.get(context.req.param("topic"))?.size ?? 0 }, 201);
});
listen(createAdaptorServer({ fetch: app.fetch }) as Parameters<typeof listen>[0]);
