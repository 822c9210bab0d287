/** What a subscriber misses whose connection breaks: one that names the last event it has, and one that only connects again. */
import { request } from "undici";
import type { MessageEvent } from "undici";
import { openEventSource } from "./event-source.ts";
import type { Lab } from "./lab.ts";

const TOPIC = "news";
/** Before the connection breaks, while there is none, and afterwards. */
const EACH = 10;

/** `published_away`, and `missed_sse` and `missed_stream` of all that was published. */
export async function comingBack(lab: Lab): Promise<Readonly<Record<string, number>>> {
  return {
    published_away: EACH,
    missed_sse: await missed(lab, "sse-node", followEvents),
    missed_stream: await missed(lab, "stream-node", followStream),
  };
}

interface Follower {
  readonly texts: readonly string[];
  /** Resolves once it has been told of a connection so often. */
  connected(times: number): Promise<void>;
  /** Resolves once it has this text. */
  has(text: string): Promise<void>;
}

type Follow = (lab: Lab, url: string, heard: Heard) => void;
interface Heard {
  open(): void;
  text(text: string): void;
}

async function missed(lab: Lab, name: string, follow: Follow): Promise<number> {
  const server = await lab.start(name);
  const relay = await lab.relay(server.address);
  const path = name.startsWith("sse") ? "events" : "stream";
  const follower = openFollower(lab, `http://127.0.0.1:${relay.port}/${path}?topic=${TOPIC}`, follow);
  const texts = Array.from({ length: 3 * EACH }, (_, n) => `message ${n}`);
  await follower.connected(1);
  await server.publish(TOPIC, ...texts.slice(0, EACH));
  await follower.has(texts[EACH - 1]!);
  relay.cut();
  await server.publish(TOPIC, ...texts.slice(EACH, 2 * EACH));
  await follower.connected(2);
  await server.publish(TOPIC, ...texts.slice(2 * EACH));
  await follower.has(texts.at(-1)!);
  return texts.filter((text) => !follower.texts.includes(text)).length;
}

function openFollower(lab: Lab, url: string, follow: Follow): Follower {
  const texts: string[] = [];
  let opened = 0;
  let look: () => void = () => {};
  const when = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (look = resolve));
  };
  follow(lab, url, {
    open() {
      opened++;
      look();
    },
    text(text) {
      texts.push(text);
      look();
    },
  });
  return { texts, connected: (times) => when(() => opened >= times), has: (text) => when(() => texts.includes(text)) };
}

/** As a browser does it: it comes back by itself, after three seconds, and says what it had last. */
function followEvents(lab: Lab, url: string, { open, text }: Heard): void {
  const source = openEventSource(url);
  lab.atEnd(() => source.close());
  source.addEventListener("hello", open);
  source.addEventListener("message", (event: MessageEvent<string>) => text(event.data));
}

/** A plain response has no such word for it: it is asked for again. */
function followStream(lab: Lab, url: string, { open, text }: Heard): void {
  let over = false;
  lab.atEnd(() => (over = true));
  async function follow(): Promise<void> {
    const { body } = await request(url, { signal: lab.signal, reset: true });
    lab.atEnd(() => body.destroy());
    let partial = "";
    let hello = true;
    for await (const chunk of body) {
      const lines = (partial + String(chunk)).split("\n");
      partial = lines.pop()!;
      for (const line of lines) {
        if (hello) open();
        else if (line !== "\r") text(line);
        hello = false;
      }
    }
  }
  void (async () => {
    // Until the experiment ends; a break shows as an error or as an end.
    while (!over) await follow().catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
  })();
}
