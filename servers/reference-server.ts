/** What a file in `reference/` exports as `server`, and all that it is given. */
import type { Certificate } from "./certificate.ts";
import type { LibraryVersion, ServerOptions } from "./contract.ts";
import type { Echo } from "./echo.ts";
import type { Hub } from "./hub.ts";

/** A push server written the way its library's documentation teaches. */
export interface ReferenceServer {
  readonly transport: string;
  /** Whether it can serve over TLS. */
  readonly tls: boolean;
  /** What it stands on. */
  library(): LibraryVersion;
  /** Listens; throws the error of `listen` when it cannot. */
  start(context: ServerContext): Promise<RunningServer>;
}

export interface ServerContext {
  readonly options: ServerOptions;
  readonly hub: Hub;
  /** Present when subscribers may send. */
  readonly echo?: Echo;
  /** Present when TLS is asked for. */
  readonly certificate?: Certificate;
}

export interface RunningServer {
  readonly port: number;
  /** Subscribers held now; for polling, the connections that are open. */
  connections(): number;
  /** Ends the held connections and stops listening; those that do not end are cut. */
  close(): Promise<void>;
}
