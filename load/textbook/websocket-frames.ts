/** What a WebSocket's frame adds to a message, in both directions and at three sizes (RFC 6455, 5.2). */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Lab } from "./lab.ts";

/** The length stands in the frame's second byte, in two more, or in eight more. */
const SIZES = [100, 1000, 70_000];
const MESSAGES = 20;
const TOPIC = "frames";

/** `down_100` and so on, in bytes a message; the server sends down. */
export async function websocketFrames(lab: Lab): Promise<Readonly<Record<string, number>>> {
  const server = await lab.start("websocket-ws", { echo: true });
  const relay = await lab.relay(server.address);
  const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/ws?topic=${TOPIC}`, { perMessageDeflate: false });
  lab.atEnd(() => socket.terminate());
  // Its hello.
  await once(socket, "message", { signal: lab.signal });

  /** Bytes beyond the messages that pass in one direction, while as many come back. */
  async function overhead(direction: "up" | "down", bytes: number, send: (payload: string) => unknown): Promise<number> {
    let left = MESSAGES;
    const payload = "x".repeat(bytes);
    const before = relay.bytes()[direction];
    const arrived = new Promise<void>((resolve) => {
      socket.on("message", function count() {
        if (--left > 0) return;
        socket.off("message", count);
        resolve();
      });
    });
    for (let n = 0; n < MESSAGES; n++) await send(payload);
    await arrived;
    return (relay.bytes()[direction] - before) / MESSAGES - bytes;
  }

  const figures: Record<string, number> = {};
  for (const bytes of SIZES) {
    figures[`down_${bytes}`] = await overhead("down", bytes, (payload) => server.publish(TOPIC, payload));
    figures[`up_${bytes}`] = await overhead("up", bytes, (payload) => socket.send(payload));
  }
  return figures;
}
