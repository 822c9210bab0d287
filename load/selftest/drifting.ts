import type { Fault } from "../../servers/fault.ts";
import type { Tried } from "./bench.ts";
import type { Experiment } from "./experiment.ts";
import { says, within } from "./row.ts";

const SECONDS = 7;
/** From the first message of the warm-up to the end of the window, and a little longer. */
const FAULT: Fault = { kind: "drift", fromMs: 2, toMs: 10, overMs: 8000 };

/** A server that needs ever more CPU time for a message: what it costs in the end is no figure of what it cost in the beginning. */
export const drifting: Experiment = async (bench) => {
  const tried = await bench.trial({
    workload: { subscribers: 5, rate: "50/s", duration: `${SECONDS}s`, pollInterval: "100ms" },
    faults: [FAULT],
  });
  const { measurement, scenario } = tried;
  const { firstThirdUs, lastThirdUs } = measurement.steadiness?.window ?? {};
  const reported =
    firstThirdUs === undefined || lastThirdUs === undefined ? undefined : (lastThirdUs - firstThirdUs) * scenario.subscribers;
  const length = Math.floor(SECONDS / 3);
  const injected = burntUs(tried, SECONDS - length, SECONDS) - burntUs(tried, 0, length);
  const head = { server: bench.server, fault: "ever more CPU time at each message, 2 ms to 10 ms" };
  return [
    says(head, "not_steady", measurement),
    within(
      head,
      {
        metric: "server CPU a message, last third of the window less the first",
        unit: "µs",
        injected,
        // What the server needs by itself moves by some hundred µs a message from second to second, and is in it.
        allowed: 0.15 * injected,
        ...(reported === undefined ? {} : { reported }),
      },
      measurement,
    ),
  ];
};

/** What a message was charged on average that came between these seconds of the window. */
function burntUs({ injected, times }: Tried, from: number, to: number): number {
  const zeroNs = times?.zeroNs ?? NaN;
  const burnt = injected.burnsNs.filter(([cameNs]) => cameNs >= zeroNs + from * 1e9 && cameNs < zeroNs + to * 1e9);
  return burnt.reduce((sum, [, ns]) => sum + ns, 0) / burnt.length / 1000;
}
