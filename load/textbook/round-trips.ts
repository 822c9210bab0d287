/** How often something has to cross a slow network before a subscriber hears from the server. */
import { once } from "node:events";
import { get } from "node:http";
import { WebSocket } from "ws";
import type { Lab, LabServer } from "./lab.ts";

const TOPIC = "news";
const DELAY_MS = 50;
const TIMES = 8;

/**
 * Round trips until the first word of the server, `sse` and `websocket`; and `websocket_answer`, until the answer to what the subscriber said
 * first. The handshake of TCP, which they have in common, is not among them.
 */
export async function roundTrips(lab: Lab): Promise<Readonly<Record<string, number>>> {
  const events = await lab.start("sse-node");
  const sockets = await lab.start("websocket-ws", { echo: true });
  return {
    sse: await roundTripsOf(lab, events, firstEvent),
    websocket: await roundTripsOf(lab, sockets, firstFrame),
    websocket_answer: await roundTripsOf(lab, sockets, firstAnswer),
  };
}

type Exchange = (lab: Lab, port: number) => Promise<void>;

/** What an exchange takes longer over a network that delays each direction, in round trips. */
async function roundTripsOf(lab: Lab, { address }: LabServer, exchange: Exchange): Promise<number> {
  const [near, far] = [await lab.relay(address), await lab.relay(address, { delayMs: DELAY_MS })];
  // What else the machine does only adds to a time: the least is what it takes.
  let nearMs = Infinity;
  let farMs = Infinity;
  for (let n = 0; n < TIMES; n++) {
    nearMs = Math.min(nearMs, await timed(() => exchange(lab, near.port)));
    farMs = Math.min(farMs, await timed(() => exchange(lab, far.port)));
  }
  return (farMs - nearMs) / (2 * DELAY_MS);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function firstEvent({ signal }: Lab, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const asking = get({ host: "127.0.0.1", port, path: `/events?topic=${TOPIC}`, agent: false, signal }, (response) => {
      response.once("data", () => {
        resolve();
        asking.destroy();
      });
      response.on("error", () => {});
    });
    asking.once("error", reject);
  });
}

async function firstFrame({ signal }: Lab, port: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?topic=${TOPIC}`);
  await once(socket, "message", { signal });
  socket.terminate();
}

async function firstAnswer({ signal }: Lab, port: number): Promise<void> {
  // The server is silent about this topic but for what is said here.
  const topic = `answers-${performance.now()}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?topic=${topic}`);
  let hello = true;
  socket.once("open", () => socket.send("are you there?"));
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    socket.once("error", reject);
    socket.on("message", () => {
      if (!hello) resolve();
      hello = false;
    });
  });
  socket.terminate();
}
