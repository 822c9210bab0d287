/** What a server does with more event streams than it has descriptors for, and with those that it holds. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { request } from "node:http";
import { publishLine } from "../../servers/contract.ts";
import type { Lab, LabServer } from "./lab.ts";

const TOPIC = "news";
const LIMIT = 128;
const ASKED = 160;
const RELEASED = 10;
/** Whoever was not answered by then is not going to be. */
const PATIENCE_MS = 2000;

/**
 * Of `asked` streams at a server of `limit` descriptors: how many are `held`, how many `refused`, and how many `waiting` without a word;
 * how many of the held ones are still `served`, and how many of `released` newcomers get in once as many have left.
 */
export async function descriptorsExhausted(lab: Lab): Promise<Readonly<Record<string, number>>> {
  const server = await lab.start("sse-node", { descriptors: LIMIT });
  // Opened while there are descriptors for it: afterwards nobody could publish.
  const publish = openPublishing(lab, server);
  await publish("first");
  const streams = await openStreams(lab, server, ASKED);
  const held = streams.filter(({ state }) => state() === "held");
  const figures = {
    limit: LIMIT,
    asked: ASKED,
    held: held.length,
    refused: streams.filter(({ state }) => state() === "refused").length,
    waiting: streams.filter(({ state }) => state() === "waiting").length,
  };
  await publish("still there");
  const served = await heardBy(held, "still there");
  const full = await server.descriptors();
  for (const { socket } of held.slice(0, RELEASED)) socket.destroy();
  for (const { socket, state } of streams) if (state() !== "held") socket.destroy();
  await givenBack(server, full === undefined ? undefined : full - RELEASED);
  const newcomers = await openStreams(lab, server, RELEASED);
  return { ...figures, served, released: RELEASED, admitted: newcomers.filter(({ state }) => state() === "held").length };
}

interface Stream {
  readonly socket: Socket;
  state(): "held" | "refused" | "waiting";
  /** What came so far. */
  text(): string;
}

/** All at once; resolves once each is answered or refused, or has waited long enough. */
async function openStreams(lab: Lab, { address: { host, port } }: LabServer, count: number): Promise<Stream[]> {
  const streams = Array.from({ length: count }, (): Stream & { readonly settled: Promise<void> } => {
    const socket = connect(port, host);
    lab.atEnd(() => socket.destroy());
    let text = "";
    let refused = false;
    socket.write(`GET /events?topic=${TOPIC} HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: text/event-stream\r\n\r\n`);
    const settled = new Promise<void>((resolve) => {
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (isHeld(text)) resolve();
      });
      const refuse = (): void => {
        refused = !isHeld(text);
        resolve();
      };
      socket.once("error", refuse);
      socket.once("close", refuse);
    });
    return { socket, settled, text: () => text, state: () => (isHeld(text) ? "held" : refused ? "refused" : "waiting") };
  });
  await inTime(Promise.all(streams.map(({ settled }) => settled)));
  return streams;
}

function isHeld(text: string): boolean {
  return text.startsWith("HTTP/1.1 200") && text.includes("event: hello");
}

/** A publish request that stays open, a line a message. */
function openPublishing(lab: Lab, { control }: LabServer): (payload: string) => Promise<void> {
  const publishing = request({ ...control, path: "/publish", method: "POST" });
  publishing.on("error", () => {});
  lab.atEnd(() => publishing.destroy());
  return (payload) => new Promise((resolve) => publishing.write(publishLine(TOPIC, payload), () => resolve()));
}

async function heardBy(streams: readonly Stream[], payload: string): Promise<number> {
  const hears = (stream: Stream): boolean => stream.text().includes(`data: ${payload}`);
  await inTime(
    Promise.all(
      streams.map(
        (stream) =>
          new Promise<void>((resolve) => {
            const look = (): void => {
              if (!hears(stream)) return;
              stream.socket.off("data", look);
              resolve();
            };
            stream.socket.on("data", look);
            look();
          }),
      ),
    ),
  );
  return streams.filter(hears).length;
}

/** The server has its ends back a moment later; where the kernel does not tell when, that moment is waited for. */
async function givenBack(server: LabServer, most?: number): Promise<void> {
  const from = performance.now();
  while (performance.now() - from < PATIENCE_MS) {
    if (most !== undefined && (await server.descriptors())! <= most) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(timer);
}
