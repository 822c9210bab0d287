/**
 * A run as it goes on, for a browser on this machine. It lives in the process that coordinates, never in one that measures; what happens is
 * gathered, told twice a second at most, and not even looked at while nobody listens.
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "../../load/usage-error.ts";
import type { ProgressState } from "../progress/state.ts";
import { eventText, liveEnded, liveProgress } from "./events.ts";
import type { LiveEnd } from "./events.ts";
import { LIVE_PAGE, LIVE_POLICY } from "./page.ts";

export interface LiveServer {
  readonly url: string;
  /** Tells all who listen that it is over, then ends their connections and the server. */
  finish(end: LiveEnd): Promise<void>;
  /** Ends whatever is open, at once. */
  close(): void;
}

interface Listener {
  readonly response: ServerResponse;
  /** Trials that it was told of. */
  told: number;
}

const HOST = "127.0.0.1";
const TOLD_EVERY_MS = 500;
/** The last words take no longer to reach a browser on this machine; one that does not read is not waited for. */
const LAST_WORDS_MS = 500;
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": LIVE_POLICY,
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** Serves on loopback, on a free port where `port` is 0; throws {@link UsageError} where the port cannot be had. */
export async function serveLive(port: number, state: () => ProgressState, now: () => number = Date.now): Promise<LiveServer> {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;

  function tell(listener: Listener): void {
    // A tab that does not read misses what has passed, and keeps nothing in memory here.
    if (listener.response.writableNeedDrain) return;
    const { ended } = state();
    const news = ended.slice(listener.told).map((trial, at) => eventText("trial", liveEnded(trial), listener.told + at + 1));
    listener.told = ended.length;
    listener.response.write(news.join("") + eventText("progress", liveProgress(state(), now())));
  }

  function listen(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
    // Who comes back says what was heard last; anything else is told from the start.
    const heard = Number(request.headers["last-event-id"]);
    const listener = { response, told: Number.isInteger(heard) && heard > 0 ? Math.min(heard, state().ended.length) : 0 };
    listeners.add(listener);
    timer ??= setInterval(() => listeners.forEach(tell), TOLD_EVERY_MS);
    response.once("close", () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
    tell(listener);
  }

  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    const refusal = refuse(request, own);
    if (refusal !== undefined) response.writeHead(refusal, { ...HEADERS, "Content-Type": "text/plain" }).end(`${refusal}\n`);
    else if (request.url === "/events") listen(request, response);
    else response.writeHead(200, { ...HEADERS, "Content-Type": "text/html; charset=utf-8" }).end(LIVE_PAGE);
  });

  function close(): void {
    clearInterval(timer);
    server.close();
    server.closeAllConnections();
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    async finish(end) {
      const told = [...listeners].map((listener) => {
        tell(listener);
        return new Promise<void>((resolve) => listener.response.end(eventText("end", end), resolve));
      });
      let late: NodeJS.Timeout | undefined;
      await Promise.race([Promise.all(told), new Promise((resolve) => (late = setTimeout(resolve, LAST_WORDS_MS)))]);
      clearTimeout(late);
      close();
    },
    close,
  };
}

/** The status for what is not answered. A page elsewhere could have its own name resolve to loopback: only loopback's names are answered to. */
function refuse({ method, url, headers }: IncomingMessage, port: number): number | undefined {
  if (![`${HOST}:${port}`, `localhost:${port}`].includes(headers.host ?? "")) return 403;
  if (method !== "GET") return 405;
  return url === "/" || url === "/events" ? undefined : 404;
}

function cannotListen(port: number, { code, message }: NodeJS.ErrnoException): UsageError {
  const why = code === "EADDRINUSE" ? "that port is taken" : code === "EACCES" ? "that port takes the rights of root" : message;
  return new UsageError(`--live ${port}: ${why}: name another one, or none for a free one`);
}
