/** What undici speaks to a server's subscribers with. */
import { Agent, H2CClient, type Dispatcher } from "undici";
import type { ServerProcess } from "./server-process.ts";

/** HTTP/2 where the transport's name says so: by ALPN over TLS, by prior knowledge without. Its connections are its own. */
export function openDispatcher({ ready, url }: ServerProcess): Dispatcher {
  const http2 = isHttp2(ready.transport);
  if (http2 && !ready.tls) return new H2CClient(url);
  return new Agent({ allowH2: http2, connect: { ca: ready.ca } });
}

export function isHttp2(transport: string): boolean {
  return transport.endsWith("-http2");
}
