/** What a WebSocket subscriber does with ws, whatever carries its frames. */
import { once } from "node:events";
import type { WebSocket } from "ws";
import type { Hello } from "../contract.ts";
import { target, type Client } from "./client.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import type { ServerProcess } from "./server-process.ts";

export interface OpenedSocket {
  readonly socket: WebSocket;
  /** Its messages; one whose frame is of the wrong kind fails it. */
  readonly inbox: Inbox<string>;
  /** Sends bytes that ws would not. */
  write(bytes: Uint8Array): void;
  /** What came on its connection so far, in bytes. */
  bytesRead(): number;
  /** Is gone at once, without a word. */
  vanish(): void;
}

export interface SocketOptions {
  /** Whether pings are answered; they are unless said. */
  readonly autoPong?: boolean;
  /** Whether messages must be binary; text unless said. The hello is always text. */
  readonly binary?: boolean;
  /** Whether to offer compression; not unless said. */
  readonly deflate?: boolean;
}

export type OpenSocket = (server: ServerProcess, path: string, options?: SocketOptions) => Promise<OpenedSocket>;

/** A client whose sockets are opened so. */
export function webSocketClient(open: OpenSocket, rest: Pick<Client, "refused" | "share">): Client {
  const syntax = { path: "/ws", cursor: "from" } as const;
  return {
    ...syntax,
    holds: true,
    keepsCr: true,
    async subscribe(server, query) {
      const { socket, inbox, vanish } = await open(server, target(syntax, query));
      const ended = closed(socket).then((code) => {
        inbox.fail(new Error(`closed with ${code}`));
        return code;
      });
      return {
        hello: JSON.parse(await inbox.next()) as Hello,
        take: inbox.take,
        send: (message) => socket.send(message),
        async leave() {
          socket.close(1000);
          await ended;
        },
        async vanish() {
          vanish();
          await ended;
        },
        ended,
      };
    },
    async stall(server, query) {
      const { socket, inbox, vanish } = await open(server, target(syntax, query));
      await inbox.next();
      socket.pause();
      // A stream's reset is heard even by who reads nothing.
      const ended = closed(socket);
      return {
        async readToEnd() {
          socket.resume();
          await ended;
        },
        async vanish() {
          vanish();
          await ended;
        },
      };
    },
    async heartbeat(server, topic) {
      const { socket, vanish } = await open(server, target(syntax, { topic }));
      await once(socket, "ping");
      vanish();
    },
    open,
    ...rest,
  };
}

/** Takes what the socket receives into an inbox. */
export function receiveInto(socket: WebSocket, { binary = false }: SocketOptions): Inbox<string> {
  const inbox = createInbox<string>();
  let greeted = false;
  socket.on("error", (error) => inbox.fail(error));
  socket.on("message", (data, isBinary) => {
    if (isBinary !== (greeted && binary)) inbox.fail(new Error(isBinary ? "a binary frame" : "a text frame"));
    else inbox.push((data as Buffer).toString("utf8"));
    greeted = true;
  });
  return inbox;
}

/** The close code; 1006 when the connection ended without one. */
export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once("close", resolve));
}

/** A frame as a client sends it, its mask 0; its payload is at most 125 bytes. */
export function maskedFrame(firstByte: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(firstByte, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}
