import type { Experiment } from "./experiment.ts";
import { exactly, within } from "./row.ts";

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
    ...(bytes === undefined
      ? []
      : [exactly(head, "bytes_down_per_delivery", "B", bytes, measurement.metrics["bytes_down_per_delivery"], measurement)]),
  ];
};

/** Bytes of a delivery of 128 B where the format alone decides them: RFC 6455, 5.2; RFC 9112, 7.1, around a line. */
const BYTES_AT_128: Readonly<Record<string, number>> = { websocket: 4 + 128, "http-stream": "81\r\n".length + 129 + "\r\n".length };
