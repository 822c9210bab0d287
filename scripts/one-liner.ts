/** Commands for a shell that show a message arriving. */
import { createRequire } from "node:module";
import type { ReadyLine } from "../servers/contract.ts";
import { shellWord } from "./shell-word.ts";

/** By its path, so that the command works in any folder. */
const WS = createRequire(import.meta.url).resolve("ws");

type Address = Pick<ReadyLine, "transport" | "host" | "port" | "controlPort" | "tls">;

/** Subscribes to the topic `news`; `undefined` for a transport that no one-liner speaks. */
export function subscribeOneLiner(ready: Address): string | undefined {
  const { transport, port, tls } = ready;
  const host = reachable(ready.host);
  const at = `${bracketed(host)}:${port}`;
  const curl = tls ? "curl -k" : "curl";
  const http2 = tls ? "--http2" : "--http2-prior-knowledge";
  const scheme = tls ? "https" : "http";
  switch (transport) {
    case "polling":
      return `while sleep 1; do ${curl} -s '${scheme}://${at}/poll?topic=news&after=0'; echo; done`;
    case "long-polling":
      return (
        `after=0; while answer=$(${curl} -sf "${scheme}://${at}/long-poll?topic=news&after=$after"); do ` +
        `[ "$answer" ] && echo "$answer" && after=$(($(expr "$answer" : '{"next":\\([0-9]*\\)') - 1)); done`
      );
    case "sse":
      return `${curl} -N '${scheme}://${at}/events?topic=news'`;
    case "http-stream-http2":
      return `${curl} ${http2} -N '${scheme}://${at}/stream?topic=news'`;
    case "sse-http2":
      return `${curl} ${http2} -N '${scheme}://${at}/events?topic=news'`;
    case "http-stream":
      return `${curl} -N '${scheme}://${at}/stream?topic=news'`;
    case "websocket":
      return `node -e ${shellWord(webSocketProgram(`${subscribersUrl({ ...ready, host })}?topic=news`, tls))}`;
    case "websocket-http2":
      return `node -e ${shellWord(extendedConnectProgram(`${scheme}://${at}`, tls))}`;
    default:
      return undefined;
  }
}

/** Where subscribers connect, on the address that the server listens on. */
export function subscribersUrl({ transport, host, port, tls }: Address): string {
  const at = `${bracketed(host)}:${port}`;
  return transport.startsWith("websocket") ? `${tls ? "wss" : "ws"}://${at}/ws` : `${tls ? "https" : "http"}://${at}`;
}

function webSocketProgram(url: string, tls: boolean): string {
  return `new (require(${JSON.stringify(WS)}))("${url}"${trusting(tls)}).on("message", (m) => console.log(String(m)))`;
}

/** ws cannot ask over HTTP/2 by itself, and frames whatever stream it is given. */
function extendedConnectProgram(url: string, tls: boolean): string {
  const headers = `{ ":method": "CONNECT", ":protocol": "websocket", ":path": "/ws?topic=news", "sec-websocket-version": "13" }`;
  return (
    `const session = require("http2").connect("${url}"${trusting(tls)}); session.once("remoteSettings", () => { ` +
    `const stream = session.request(${headers}), socket = new (require(${JSON.stringify(WS)}))(null, undefined, { autoPong: true }); ` +
    `socket._isServer = false; socket.setSocket(stream, Buffer.alloc(0), {}); socket.on("message", (m) => console.log(String(m))) })`
  );
}

function trusting(tls: boolean): string {
  return tls ? ", { rejectUnauthorized: false }" : "";
}

/** Publishes `hello` to the topic `news`, in any shell: `$'…'` is not for all of them. */
export function publishOneLiner({ host, controlPort }: Address): string {
  return `printf 'news\\thello\\n' | curl --data-binary @- http://${bracketed(reachable(host))}:${controlPort}/publish`;
}

/** An address to connect to, where the server listens on all of them. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
