/** What a gate asks unless it is told otherwise. */
import type { GateQuestion } from "../load/gate-record.ts";

/** The built-in suite that is taken where none is named. */
export const GATE_SUITE = "gate";

export const GATE_QUESTION: GateQuestion = {
  rounds: 9,
  delta: 0.03,
  limit: 0.1,
  latencyDelta: 0.25,
  latencyLimit: 0.5,
  metrics: [
    "server_cpu_us_per_delivery",
    "bytes_down_per_delivery",
    "server_memory_per_connection_bytes",
    "server_fds_per_connection",
    "requests_per_delivery",
  ],
  watched: ["delivery_latency_ms.p50", "delivery_latency_ms.p99"],
};
