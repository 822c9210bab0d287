/** What arrived between two moments, the edges of the window or of a phase; pure. */
import type { Received } from "../assignment.ts";

/**
 * What arrived between the edges, whenever it was due, as each process met them; bytes and requests over the messages that arrived between
 * the same edges.
 */
export function trafficMetrics(received: readonly Received[]): Record<string, number> {
  const rate = (of: (received: Received) => number): number =>
    sum(received.map((each) => (each.elapsedMs > 0 ? of(each) / (each.elapsedMs / 1000) : 0)));
  const requests = rate((each) => each.requests);
  const rates = {
    delivery_rate: rate((each) => each.messages),
    // Who holds a connection asks once, long before the window.
    ...(requests > 0 ? { request_rate: requests } : {}),
  };
  const messages = sum(received.map((each) => each.messages));
  if (messages === 0) return rates;
  return {
    ...rates,
    bytes_down_per_delivery: sum(received.map(({ bytesDown }) => bytesDown)) / messages,
    bytes_up_per_delivery: sum(received.map(({ bytesUp }) => bytesUp)) / messages,
    requests_per_delivery: sum(received.map((each) => each.requests)) / messages,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
