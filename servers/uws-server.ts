/** uWebSockets.js's server, over TCP or TLS, as every server on it needs it: what it asks for, what it is refused, where it listens. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { STATUS_CODES } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpRequest, HttpResponse, TemplatedApp, us_listen_socket, us_socket } from "uWebSockets.js";
import type { Certificate } from "./certificate.ts";
import type { LibraryVersion } from "./contract.ts";
import type { SentMessage } from "./echo.ts";
import { refusalBody, type HttpServerForm, type Refusal } from "./http-server.ts";
import type { RequestHead } from "./subscribe-request.ts";
import { explainLoadFailure } from "./uws-load-failure.ts";

/** The library, whose named exports Node cannot see; its types lack the listen options it has. */
interface Library {
  App(): TemplatedApp;
  SSLApp(options: { key_file_name: string; cert_file_name: string }): TemplatedApp;
  us_listen_socket_close(socket: us_listen_socket): void;
  us_socket_local_port(socket: us_socket): number;
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  readonly SHARED_COMPRESSOR: number;
}

const { default: uws } = (await import("uWebSockets.js").catch((error: unknown) => {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  const reason = explainLoadFailure(error, process.versions.node, header.glibcVersionRuntime);
  throw new Error(`uWebSockets.js does not load: ${reason}`, { cause: error });
})) as unknown as { readonly default: Library };

export interface UwsServer {
  readonly app: TemplatedApp;
  /** Listens and answers the port; rejects with the error of `listen`. */
  listen(host: string, port: number): Promise<number>;
  /** TCP connections that are open and are no WebSockets. */
  connections(): number;
  /** Stops listening and cuts what is still open. */
  close(): void;
}

export const { SHARED_COMPRESSOR } = uws;

/** What the library itself allows a head that comes in pieces; one that comes whole it lets through at any size. */
const MAX_HEAD_BYTES = 4096;

/** What servers on it say they stand on. */
export function uwsLibrary(): LibraryVersion {
  const { version } = createRequire(import.meta.url)("uWebSockets.js/package.json") as { version: string };
  return { name: "uWebSockets.js", version };
}

/** Creates the server; `listener` answers every request but those that a WebSocket route or `echo` takes. */
export function createUwsServer(
  { certificate, echo }: HttpServerForm,
  listener: (res: HttpResponse, head: RequestHead) => void,
): UwsServer {
  const app = certificate === undefined ? uws.App() : createTlsApp(certificate);
  let connections = 0;
  let listening: us_listen_socket | undefined;
  app.filter((_, change) => void (connections += Number(change)));
  app.any("/*", (res, req) => {
    const head = readHead(req);
    if ("status" in head) return refuse(res, head);
    const sent = echo?.receive(head);
    if (sent === undefined) listener(res, head);
    else if ("status" in sent) refuse(res, sent);
    else takeSent(res, sent);
  });

  return {
    app,
    async listen(host, port) {
      const listen = app.listen.bind(app) as unknown as (
        host: string,
        port: number,
        options: number,
        heard: (socket: us_listen_socket | false) => void,
      ) => void;
      // Exclusive, for by default a second server would share the port of the first.
      listen(host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => (listening = socket === false ? undefined : socket));
      if (listening === undefined) await explainRefusedListen(host, port);
      return uws.us_socket_local_port(listening as us_socket);
    },
    connections: () => connections,
    close: () => void app.close(),
  };
}

function takeSent(res: HttpResponse, sent: SentMessage): void {
  // Nothing of it was published yet.
  res.onAborted(() => {});
  res.onData((chunk, isLast) => {
    // Its bytes are gone when this returns.
    sent.write(Buffer.from(chunk.slice(0)));
    if (!isLast) return;
    const refusal = sent.end();
    res.cork(() => {
      if (refusal === undefined) res.writeStatus("204 No Content").endWithoutBody();
      else refuse(res, refusal);
    });
  });
}

/** A request's head, in the form that every server reads, or that it is too large. */
export function readHead(req: HttpRequest): RequestHead | Refusal {
  // Its types do not say that without a query there is none.
  const query = req.getQuery() as string | undefined;
  const url = query === undefined ? req.getUrl() : `${req.getUrl()}?${query}`;
  const headers: Record<string, string> = {};
  let bytes = url.length;
  req.forEach((name, value) => {
    headers[name] = value;
    bytes += name.length + value.length;
  });
  if (bytes > MAX_HEAD_BYTES) return { status: 431, message: `a head of ${bytes} bytes: expected ${MAX_HEAD_BYTES} at most` };
  return { method: req.getCaseSensitiveMethod(), url, headers };
}

/** Answers JSON that is encoded already; to be called in the handler of the request, where the response is corked, or in a cork. */
export function answerJson(res: HttpResponse, text: string): void {
  res.writeStatus("200 OK").writeHeader("content-type", "application/json").writeHeader("cache-control", "no-store").end(text);
}

/** Answers a refusal as JSON, `{"error": …}`, and closes, for a body may be on its way. */
export function refuse(res: HttpResponse, { status, message, headers }: Refusal): void {
  res.writeStatus(`${status} ${STATUS_CODES[status] ?? ""}`).writeHeader("content-type", "application/json");
  for (const [name, value] of Object.entries(headers ?? {})) res.writeHeader(name, value);
  res.end(refusalBody(message), true);
}

/** It takes certificates as files only, which are read when the app is made: a folder of our own, gone at once. */
function createTlsApp({ key, cert }: Certificate): TemplatedApp {
  const folder = mkdtempSync(join(tmpdir(), "pushbench-tls-"));
  try {
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert, { mode: 0o600 });
    return uws.SSLApp({ key_file_name: keyFile, cert_file_name: certFile });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The library says only that it cannot listen; Node's own server says why. */
async function explainRefusedListen(host: string, port: number): Promise<never> {
  const server = createServer().listen({ host, port, exclusive: true });
  await once(server, "listening");
  server.close();
  throw new Error("uWebSockets.js refused to listen, and Node's own server could");
}
