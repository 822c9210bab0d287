/** An EventSource as browsers have it. */
import { EventSource } from "undici";

/** Without undici's warning that its own is experimental: a run's stderr is for words that help. */
export function openEventSource(url: string): EventSource {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return new EventSource(url);
  } finally {
    process.emitWarning = emitWarning;
  }
}
