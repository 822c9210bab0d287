import { findCommand } from "../find-command.ts";
import type { Measurement } from "../measurement.ts";
import type { Experiment } from "./experiment.ts";
import { exactly, within } from "./row.ts";
import type { Row, RowHead } from "./row.ts";

/** Without a fault a message takes what the path takes: little, and half the interval of a poller. */
export const nothingWrong: Experiment = async (bench) => {
  const { measurement, scenario } = await bench.plain();
  const head = { server: bench.server, fault: "nothing" };
  const reported = measurement.metrics["delivery_latency_ms.p50"];
  const injected = bench.transport.capabilities.polls ? scenario.pollIntervalMs / 2 : 0;
  // Who asks again may be asking when the message comes.
  const allowed = bench.transport.capabilities.asksAgain ? 2 : 1;
  const latency = { metric: "delivery_latency_ms.p50", unit: "ms", injected, allowed, ...(reported === undefined ? {} : { reported }) };
  const bytes = BYTES_AT_128[bench.transport.name];
  return [
    within(head, latency, measurement),
    exactly(
      head,
      "messages_delivered",
      "",
      measurement.metrics["messages_expected"] ?? NaN,
      measurement.metrics["messages_delivered"],
      measurement,
    ),
    ...(bytes === undefined ? [] : byteRows(head, bytes, measurement)),
  ];
};

/** What comes out at the client's end, and what the kernel counted at the server's, where it can be asked. */
function byteRows(head: RowHead, injected: number, measurement: Measurement): Row[] {
  const counted = findCommand("ss") === undefined ? ["bytes_down_per_delivery"] : ["bytes_down_per_delivery", "wire_bytes_per_delivery"];
  return counted.map((metric) => exactly(head, metric, "B", injected, measurement.metrics[metric], measurement));
}

/** Bytes of a delivery of 128 B where the format alone decides them: RFC 6455, 5.2; RFC 9112, 7.1, around a line. */
const BYTES_AT_128: Readonly<Record<string, number>> = { websocket: 4 + 128, "http-stream": "81\r\n".length + 129 + "\r\n".length };
