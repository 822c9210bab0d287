/** The control port, the same for every server: health, figures, and where messages come in. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerStats } from "./contract.ts";
import { answer, createHttpServer, refuse, splitUrl } from "./http-server.ts";
import type { Hub } from "./hub.ts";
import { createIngest } from "./ingest.ts";
import { collectGarbage, monitorProcess } from "./process-stats.ts";

export interface ControlOptions {
  readonly host: string;
  readonly port: number;
  readonly hub: Hub;
  /** Subscribers held now. */
  connections(): number;
  readonly loopDelayResolutionMs: number;
}

export interface Control {
  readonly port: number;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Opens the control port; rejects with the error of `listen`. */
export async function openControl({ host, port, hub, connections, loopDelayResolutionMs }: ControlOptions): Promise<Control> {
  const monitor = monitorProcess(loopDelayResolutionMs);
  const stats = (): ServerStats => ({
    connections: connections(),
    ...hub.counts(),
    ...monitor.read(),
  });

  const routes: Readonly<Record<string, { readonly method: string; readonly handle: Handler }>> = {
    "/healthz": {
      method: "GET",
      handle: (_request, response) => answer(response, { status: "ok" }),
    },
    "/stats": { method: "GET", handle: (_request, response) => answer(response, stats()) },
    "/gc": {
      method: "POST",
      async handle(_request, response) {
        await collectGarbage();
        answer(response, { collected: 2 });
      },
    },
    "/publish": {
      method: "POST",
      handle(request, response) {
        const ingest = createIngest(hub);
        request.on("data", (chunk: Buffer) => ingest.write(chunk));
        request.on("end", () => answer(response, ingest.end()));
      },
    },
  };

  const http = createHttpServer({}, (request, response) => {
    const { path } = splitUrl(request);
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) {
      refuse(response, {
        status: 404,
        message: `unknown path: expected one of ${Object.keys(routes).join(", ")}`,
      });
    } else if (request.method !== route.method) {
      const message = `method ${request.method ?? ""} on ${path}: expected ${route.method}`;
      refuse(response, { status: 405, message, headers: { allow: route.method } });
    } else {
      void route.handle(request, response);
    }
  });
  // One publish request stays open for a whole trial.
  http.server.requestTimeout = 0;

  try {
    return {
      port: await http.listen(host, port),
      close() {
        monitor.stop();
        return http.close();
      },
    };
  } catch (error) {
    monitor.stop();
    throw error;
  }
}
