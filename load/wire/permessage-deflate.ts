/**
 * Compression of WebSocket messages (RFC 7692), from the client's side: what it offers, what the server must agree to, and how a message
 * inflates. It asks both sides to forget each message as it ends: each then stands alone and inflates within the read that brings it,
 * where one that leans on those before it would need zlib's stream, whose answer comes later and would stand in latencies, and a window
 * of 32 KiB for each connection. It compresses nothing that it sends itself, as it may.
 */
import { constants, inflateRawSync } from "node:zlib";
import { LONGEST_MESSAGE_BYTES } from "./message-limit.ts";
import { ProtocolError } from "./protocol-error.ts";

const ALONE = "server_no_context_takeover";

const OFFER = `permessage-deflate; ${ALONE}; client_no_context_takeover`;

/** What a request says of extensions, as its headers. */
export function deflateOffer(compression: boolean): Readonly<Record<string, string>> {
  return compression ? { "sec-websocket-extensions": OFFER } : {};
}

/** What of the offer an answer may agree to; a window of the server's choice inflates as well as the largest. */
const AGREEABLE = new RegExp(`^(${ALONE}|client_no_context_takeover|server_max_window_bits="?([89]|1[0-5])"?)$`);

/**
 * Whether messages may come compressed, by `Sec-WebSocket-Extensions` of the answer; throws {@link ProtocolError} where the answer agrees
 * to something else than what was offered.
 */
export function agreesToDeflate(answer: string | undefined, offered: boolean): boolean {
  if (!offered) {
    if (answer === undefined || answer === "") return false;
    throw new ProtocolError(`an extension was agreed to that nobody offered: ${answer}`);
  }
  const [name, ...parameters] = (answer ?? "").split(";").map((part) => part.trim().toLowerCase());
  if (name === "") throw new ProtocolError("compression was asked for, and the server did not agree to it");
  if (name !== "permessage-deflate" || !parameters.includes(ALONE) || !parameters.every((parameter) => AGREEABLE.test(parameter)))
    throw new ProtocolError(`compression was offered as ${OFFER}, and agreed to as ${answer}`);
  return true;
}

/** A message as it was before it was compressed; throws {@link ProtocolError} where it does not inflate, or to more than is taken. */
export function inflateMessage(bytes: Buffer, start: number, end: number): Buffer {
  try {
    // A sync flush ended it, whose last four bytes are not sent (7.2.1): to flush likewise is to do without them.
    return inflateRawSync(bytes.subarray(start, end), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LONGEST_MESSAGE_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ProtocolError(
      code === "ERR_BUFFER_TOO_LARGE"
        ? `message that inflates to more than ${LONGEST_MESSAGE_BYTES} bytes`
        : `message that does not inflate: ${message}`,
    );
  }
}
