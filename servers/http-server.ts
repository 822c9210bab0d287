/** Node's own HTTP server, over TCP or TLS, as every server on it needs it: deep backlog, patient with what is held, closed for sure. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Certificate } from "./certificate.ts";
import type { Echo } from "./echo.ts";
import { createListening, type Listening } from "./listening.ts";

export interface HttpServer extends Omit<Listening, "close"> {
  readonly server: Server;
  /** Stops listening, lets answers under way end, and cuts what is still open after a grace. */
  close(): Promise<void>;
}

/** How long an idle connection is kept: pollers come back every 60 s at most; a server that closes first costs them a connect. */
export const KEEP_ALIVE_MS = 75_000;

/** What an HTTP server is made with, whichever library it stands on. */
export interface HttpServerForm {
  /** Present where it is to speak TLS. */
  readonly certificate?: Certificate | undefined;
  /** Present where it is to take what subscribers send. */
  readonly echo?: Echo | undefined;
}

/** Creates the server; `answerer` answers every request but those that `echo` takes. */
export function createHttpServer({ certificate, echo }: HttpServerForm, answerer: RequestListener): HttpServer {
  const listener = echo === undefined ? answerer : takeSent(echo, answerer);
  const options = { noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS };
  const server: Server =
    certificate === undefined
      ? createServer(options, listener)
      : createTlsServer({ ...options, key: certificate.key, cert: certificate.cert, handshakeTimeout: 20_000 }, listener);
  const { listen, connections, close } = createListening(server);
  return { server, listen, connections, close: () => close(() => server.closeIdleConnections()) };
}

function takeSent(echo: Echo, listener: RequestListener): RequestListener {
  return (request, response) => {
    const sent = echo.receive(request);
    if (sent === undefined) return listener(request, response);
    if ("status" in sent) return refuse(response, sent);
    request.on("data", sent.write);
    request.on("end", () => {
      const refusal = sent.end();
      if (refusal === undefined) response.writeHead(204).end();
      else refuse(response, refusal);
    });
  };
}

/** Answers JSON. */
export function answer(response: ServerResponse, body: unknown): void {
  answerJson(response, JSON.stringify(body));
}

/** Answers JSON that is encoded already. */
export function answerJson(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}

/** Why a request is not served, as its answer. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a refusal as JSON: `{"error": …}`. */
export function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(refusalBody(message));
}

/** What a refusal says, on whatever it is written. */
export function refusalBody(message: string): string {
  return `${JSON.stringify({ error: message })}\n`;
}

/** A request's path and what follows its "?"; both as they were sent. */
export function splitUrl(request: Pick<IncomingMessage, "url">): {
  readonly path: string;
  readonly query: string;
} {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
