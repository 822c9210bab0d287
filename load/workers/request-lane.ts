/** One kept connection that carries requests one after another: the next is written once the last is answered. */
import { nowNs } from "../clock.ts";
import { openSocket, where } from "../client/socket.ts";
import type { LeanSocket } from "../client/socket.ts";
import type { Address, Reads } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import type { ResponseHead } from "../wire/http1.ts";

export interface LaneEvents {
  /** The bytes of the next request, taken at the moment they are written; `undefined` when none waits. */
  next(): Buffer | undefined;
  /** The last one was answered; `refusal` says how, where that was not with success. */
  answered(refusal?: string): void;
  /** The server cannot be reached any more. */
  broke(error: Error): void;
}

export interface RequestLane {
  /** Something waits: writes it, if it can. */
  pump(): void;
  close(): void;
}

/** How much of an answer that refuses is shown. */
const SHOWN_BYTES = 200;
/** So long before a server closes an idle connection a new one is opened, so that no request meets the closing. */
const IDLE_MARGIN_MS = 1000;

/** Resolves once it is connected. */
export function openRequestLane(address: Address, reads: Reads, events: LaneEvents): Promise<RequestLane> {
  return new Promise((resolve, reject) => {
    let socket: LeanSocket | undefined;
    let connected = false;
    let opened = false;
    let busy = false;
    let closed = false;
    let head: ResponseHead | undefined;
    let body = "";
    let idleSinceNs = 0;
    /** For how long the server keeps this connection when nothing comes on it. */
    let keptMs = Infinity;

    function connect(): void {
      const response = createResponseParser({
        head(given) {
          head = given;
          keptMs = keptFor(given);
          body = "";
        },
        body(bytes, start, end) {
          if (body.length < SHOWN_BYTES) body += bytes.toString("utf8", start, Math.min(end, start + SHOWN_BYTES));
        },
        end: settle,
      });
      connected = false;
      keptMs = Infinity;
      socket = openSocket(address, reads, {
        connected() {
          connected = true;
          idleSinceNs = nowNs();
          if (!opened) {
            opened = true;
            resolve(lane);
          }
          pump();
        },
        read: (bytes, end) => response.feed(bytes, 0, end),
        failed({ message }) {
          socket = undefined;
          if (!connected) {
            closed = true;
            const error = new Error(`publish.url: ${message}`);
            if (opened) events.broke(error);
            else reject(error);
          } else if (busy && head !== undefined && isUntilClose(head)) settle();
          else if (busy) settle(`${message} before it had answered`);
        },
      });
    }

    /** The request is answered, or never will be. */
    function settle(failure?: string): void {
      const { status = 0, headers } = head ?? {};
      const refusal =
        failure ?? (status >= 200 && status < 300 ? undefined : `answered ${status} ${body.slice(0, SHOWN_BYTES).trim()}`.trim());
      if (headers?.get("connection")?.toLowerCase() === "close") drop();
      busy = false;
      head = undefined;
      idleSinceNs = nowNs();
      events.answered(refusal === undefined ? undefined : `${where(address)} ${refusal}`);
      pump();
    }

    function drop(): void {
      socket?.close();
      socket = undefined;
    }

    function pump(): void {
      if (busy || closed || (socket !== undefined && !connected)) return;
      if ((nowNs() - idleSinceNs) / 1e6 > keptMs - IDLE_MARGIN_MS) drop();
      if (socket === undefined) {
        connect();
        return;
      }
      const request = events.next();
      if (request === undefined) return;
      busy = true;
      socket.write(request);
    }

    const lane: RequestLane = {
      pump,
      close() {
        closed = true;
        drop();
      },
    };
    connect();
  });
}

/** `Keep-Alive: timeout=5`, in ms. */
function keptFor({ headers }: ResponseHead): number {
  const seconds = /timeout=(\d+)/i.exec(headers.get("keep-alive") ?? "")?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1000;
}

/** An answer whose body ends with the connection. */
function isUntilClose({ headers }: ResponseHead): boolean {
  return !headers.has("content-length") && !headers.has("transfer-encoding");
}
