/** The hello, as an event's data or a WebSocket's first frame carries it. */
import type { Hello } from "../../servers/contract.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Reads the hello in `bytes[start, end)`; throws {@link ProtocolError} on anything else. */
export function readHello(bytes: Buffer, start: number, end: number): Hello {
  const text = bytes.toString("utf8", start, end);
  let hello: unknown;
  try {
    hello = JSON.parse(text);
  } catch {
    // Said below, with the text.
  }
  return checkHello(hello, text);
}

/** The value as a hello; `text` is what it was read from, for the error. */
export function checkHello(value: unknown, text: string): Hello {
  const { next, missed } = (value ?? {}) as Record<string, unknown>;
  const sound = Number.isSafeInteger(next) && (next as number) >= 1 && (missed === null || Number.isSafeInteger(missed));
  if (!sound) throw new ProtocolError(`no {"next":…,"missed":…} in ${JSON.stringify(text.slice(0, 80))}`);
  return { next: next as number, missed: missed as number | null };
}
