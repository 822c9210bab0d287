/** A real trial whose generator is asked what its CPU went to. */
import type { KnownServer } from "../suite-file.ts";
import { singleTrial } from "../single-trial.ts";
import { PAYLOAD_BYTES } from "./drive.ts";

export interface TrialCost {
  readonly server: string;
  /** Of the measured window, at all subscribers, probes included. */
  readonly deliveries: number;
  /** CPU of all processes that hold subscribers, for each of those, in ns. */
  readonly nsPerDelivery: number;
  /** Why the figure is doubtful, as the measurement says it. */
  readonly doubts: readonly string[];
}

/** A broadcast of 50,000 deliveries a second. */
const SCENARIO = {
  name: "hotpath",
  subscribers: 100,
  rate: "500/s",
  duration: "3s",
  payload: `${PAYLOAD_BYTES}B`,
  settle: "100ms",
  warmup: "1s",
  drain: "2s",
};

/** Runs it; throws where it failed. */
export async function timeTrial(server: KnownServer & { readonly transport: string }, signal: AbortSignal): Promise<TrialCost> {
  const { scenario, ledger, generator, validity } = await singleTrial(server, SCENARIO, signal);
  const cpuCores = generator.filter(({ role }) => role !== "publisher").reduce((sum, each) => sum + each.cpuCores, 0);
  const deliveries = ledger.window.delivered;
  return {
    server: server.name,
    deliveries,
    nsPerDelivery: (cpuCores * scenario.durationMs * 1e6) / deliveries,
    doubts: validity.reasons.map(({ message }) => message),
  };
}
