/** A server that stands through several trials and tools, so that all of them load the same process. */
import { setTimeout as delay } from "node:timers/promises";
import type { TrialTimes } from "../../load/assignment.ts";
import { nowNs } from "../../load/clock.ts";
import type { Measurement } from "../../load/measurement.ts";
import { makeScenario } from "../../load/suite-file.ts";
import type { KnownServer } from "../../load/suite-file.ts";
import type { Scenario } from "../../load/suite.ts";
import { startTarget } from "../../load/target.ts";
import { runTrial } from "../../load/trial.ts";

export interface Bench {
  readonly server: string;
  readonly transport: string;
  readonly host: string;
  readonly port: number;
  readonly controlUrl: string;
  readonly pid: number;
  readonly signal: AbortSignal;
  /** Runs a trial of these fields of a scenario. Throws where it fails. */
  trial(workload: Workload): Promise<Measurement>;
  /** The same, and what `look` sees from the moment the trial's times are fixed. */
  watched<T>(workload: Workload, look: (times: TrialTimes) => Promise<T>): Promise<readonly [Measurement, T]>;
}

export type Workload = Readonly<Record<string, string | number>>;

const WORKLOAD = { settle: "100ms", warmup: "500ms", drain: "2s" };
const SEED = 1;

/** Starts the server, lets `use` have it, and ends it. */
export async function withServer<T>(
  entry: KnownServer & { readonly transport: string },
  signal: AbortSignal,
  use: (bench: Bench) => Promise<T>,
): Promise<T> {
  const { name, transport } = entry;
  const scenarioOf = (workload: Workload): Scenario => makeScenario(entry, { name: "crosscheck", ...WORKLOAD, ...workload });
  const target = await startTarget(name, scenarioOf({}), () => {}, signal);
  const [{ host, port }, control, pid] = [target.addresses[0]!, target.controls[0]!, target.pids[0]!];
  const controlUrl = `http://${control.host}:${control.port}`;
  const running = { name, transport, url: `http://${host}:${port}`, control: controlUrl, pid };
  let index = 0;

  async function trial(workload: Workload, onTimes: (times: TrialTimes) => void): Promise<Measurement> {
    const plan = { index: ++index, repetition: 1, server: running, transport, scenario: scenarioOf(workload), seed: SEED };
    const measurement = await runTrial(plan, { signal, onPhase() {}, onSecond() {}, sabotage: { onTimes } });
    if (measurement.failure !== undefined) throw new Error(`${name}: ${measurement.failure.message}`);
    return measurement;
  }

  try {
    return await use({
      server: name,
      transport,
      host,
      port,
      controlUrl,
      pid,
      signal,
      trial: (workload) => trial(workload, () => {}),
      async watched(workload, look) {
        let looking: ReturnType<typeof look> | undefined;
        const measurement = await trial(workload, (times) => {
          looking = look(times);
          // Whoever fails before the trial has ended is told of below.
          looking.catch(() => {});
        });
        return [measurement, await looking!];
      },
    });
  } finally {
    await target.stop();
  }
}

/** What was seen, and the middle of the time that looking took. */
export interface Seen<T> {
  readonly atNs: number;
  readonly value: T;
}

/** Subscribers leave as soon as the last message is there, and take their sockets' counters with them: a look must be over by then. */
const EARLY_NS = 80e6;

/** Looks shortly before both edges of the measured window. */
export async function atEdges<T>({ zeroNs, endNs }: TrialTimes, look: () => Promise<T>): Promise<readonly [Seen<T>, Seen<T>]> {
  const at = async (dueNs: number): Promise<Seen<T>> => {
    await delay(Math.max(0, (dueNs - nowNs()) / 1e6));
    const fromNs = nowNs();
    const value = await look();
    return { atNs: (fromNs + nowNs()) / 2, value };
  };
  return [await at(zeroNs - EARLY_NS), await at(endNs - EARLY_NS)];
}

/** Looks once a second within the measured window, half a second away from its edges. */
export async function eachSecond<T>({ zeroNs, endNs }: TrialTimes, look: () => Promise<T>): Promise<readonly T[]> {
  const seen: T[] = [];
  for (let dueNs = zeroNs + 0.5e9; dueNs < endNs; dueNs += 1e9) {
    await delay(Math.max(0, (dueNs - nowNs()) / 1e6));
    seen.push(await look());
  }
  return seen;
}
