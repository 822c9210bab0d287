/** What a delivery costs on the wire, from the kernel's counters at the server's end; pure. */
import type { LedgerCounts } from "../measurement.ts";
import { present } from "../present.ts";
import type { Sockets } from "../sampling/sockets.ts";

/** Absent where it cannot be had. */
export interface WireFigures {
  /** TCP payload that the server sent for a delivery: framing, headers, TLS records, heartbeats and what was sent again included. */
  readonly bytesPerDelivery?: number;
  /** TCP segments with payload for a delivery. */
  readonly segmentsPerDelivery?: number;
  /** What still waited in the server's sockets when the drain had ended, in bytes. */
  readonly queuedBytes?: number;
}

/**
 * From two looks at times when nothing was under way: before the first message, and after the last one's drain, `whole` being all that
 * came between. Both looks must show the same connections, for the counters of one that is closed are gone.
 */
export function wireFigures(before: Sockets | undefined, after: Sockets | undefined, whole: LedgerCounts): WireFigures {
  if (after === undefined || after.size === 0) return {};
  const queuedBytes = sum([...after.values()].map((socket) => socket.queuedBytes));
  const deliveries = whole.delivered + whole.duplicated + whole.late + whole.corrupt;
  const since = before === undefined ? undefined : growth(before, after);
  if (since === undefined || deliveries === 0) return { queuedBytes };
  return present({
    bytesPerDelivery: since.bytesSent / deliveries,
    segmentsPerDelivery: since.segmentsSent / deliveries,
    queuedBytes,
  });
}

/** `undefined` where the connections are not the same ones. */
function growth(before: Sockets, after: Sockets): { readonly bytesSent: number; readonly segmentsSent: number } | undefined {
  if (before.size !== after.size) return undefined;
  const pairs = [...after].map(([ends, to]) => ({ from: before.get(ends), to }));
  const same = pairs.flatMap(({ from, to }) => (from === undefined || to.bytesSent < from.bytesSent ? [] : { from, to }));
  if (same.length < pairs.length) return undefined;
  return {
    bytesSent: sum(same.map(({ from, to }) => to.bytesSent - from.bytesSent)),
    segmentsSent: sum(same.map(({ from, to }) => to.segmentsSent - from.segmentsSent)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
