/** Commands for a shell that show a message arriving. */
import type { ReadyLine } from "../servers/contract.ts";

type Address = Pick<ReadyLine, "transport" | "host" | "port" | "controlPort" | "tls">;

/** Subscribes to the topic `news`; `undefined` for a transport that no one-liner speaks. */
export function subscribeOneLiner(ready: Address): string | undefined {
  const { transport, port, tls } = ready;
  const at = `${reachable(ready.host)}:${port}`;
  const curl = tls ? "curl -k" : "curl";
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
    case "http-stream":
      return `${curl} -N '${scheme}://${at}/stream?topic=news'`;
    case "websocket":
      return `node -e 'new (require("ws"))("${tls ? "wss" : "ws"}://${at}/ws?topic=news"${tls ? ", { rejectUnauthorized: false }" : ""}).on("message", (m) => console.log(String(m)))'`;
    default:
      return undefined;
  }
}

/** Publishes `hello` to the topic `news`. */
export function publishOneLiner({ host, controlPort }: Address): string {
  return `curl --data-binary $'news\\thello\\n' http://${reachable(host)}:${controlPort}/publish`;
}

/** An address to connect to, where the server listens on all of them. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
