import type { ConnectionError } from "../transport.ts";

/** What the other side's bytes broke; thrown out of a read, it ends the connection and is counted by its kind. */
export class ProtocolError extends Error {
  readonly kind: ConnectionError["kind"];

  constructor(message: string, kind: ConnectionError["kind"] = "protocol") {
    super(message);
    this.kind = kind;
  }
}
