/** What a library says went wrong, in the words that are counted. */
import { describe, where } from "../client/socket.ts";
import type { Address, ConnectionError } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

/** Of an error of undici, ws, node:http, or of whoever read what they handed over. */
export function describeLibraryError(error: NodeJS.ErrnoException, address: Address): ConnectionError {
  const message = `${where(address)}: ${error.message}`;
  if (error instanceof ProtocolError) return { kind: error.kind, message };
  const kind = kindOf(error);
  return kind === undefined ? describe(error, address) : { kind, message };
}

/** Absent where the error is the kernel's, of TLS or of node:http2. */
function kindOf({ code, message }: NodeJS.ErrnoException): ConnectionError["kind"] | undefined {
  // What ws says of a handshake has no code.
  if (code === undefined) return "protocol";
  // node:http gives the other side's end this code; a reset comes with the kernel's words.
  if (code === "ECONNRESET" && message === "socket hang up") return "closed";
  // An end within an answer.
  if (code === "HPE_INVALID_EOF_STATE" || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") return "closed";
  if (code === "UND_ERR_SOCKET") return message === "bad upgrade" ? "protocol" : "closed";
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code)) return "timeout";
  // Some of what a server must not send, undici asserts.
  return code === "ERR_ASSERTION" || /^(HPE|UND_ERR|WS_ERR)_/.test(code) ? "protocol" : undefined;
}
