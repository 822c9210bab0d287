/** The connections of a trial opened in steps, with a look at what they cost the server after each (METHOD, `server_memory_per_connection_bytes`). */
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { nowNs } from "../clock.ts";
import type { Fleet } from "../fleet/local.ts";
import type { ConnectionStep } from "../measurement.ts";
import { present } from "../present.ts";
import { createProcessReader } from "../sampling/process.ts";
import type { ProcessFigures } from "../sampling/process.ts";
import { sumProcesses } from "../sampling/raw-sample.ts";
import type { RawSample, Sampler } from "../sampling/sampler.ts";
import { leastSquares, theilSen } from "../slope.ts";
import type { Target } from "../target.ts";

/** Connections from which on memory is looked at: the first ones bring what a server needs only once. */
const BASE = 100;
/** How long the server may take to have taken what is open on this side. */
const TAKEN_WITHIN_MS = 5000;
const LOOK_FOR_TAKEN_MS = 10;
/**
 * Looks of which each figure's median is taken, and the time between them. What the server keeps for itself stays as it is once its garbage is
 * collected; the generator and the kernel are less steady.
 */
const LOOKS = { server: 1, "both ends": 3 };
export type StepsOf = keyof typeof LOOKS;
const BETWEEN_LOOKS_MS = 30;
const COLLECT_WITHIN_MS = 10_000;

/** Where each step ends, in connections: all of them at once, or after the base as many equal steps. */
export function stepEnds(connections: number, steps: number): number[] {
  if (steps === 1) return [connections];
  return Array.from({ length: steps + 1 }, (_, k) => Math.round(BASE + (k * (connections - BASE)) / steps));
}

export interface StepContext {
  /** Taken before the first connection. */
  readonly base: RawSample;
  readonly target: Pick<Target, "controls">;
  readonly fleet: Pick<Fleet, "processes" | "collect">;
  readonly stepsOf: StepsOf;
  readonly sampler: Sampler;
  readonly signal: AbortSignal;
}

/** Looks at both ends, or at the server's alone, with `connections` open beside those of `base`, garbage collected twice where a process can be told to. */
export async function lookAtStep(
  connections: number,
  { base, target: { controls }, fleet, stepsOf, sampler, signal }: StepContext,
): Promise<ConnectionStep> {
  const wanted = (base.stats?.connections ?? 0) + connections;
  for (const endNs = nowNs() + TAKEN_WITHIN_MS * 1e6; nowNs() < endNs;) {
    const { stats } = await sampler.take();
    if (stats === undefined || stats.connections >= wanted) break;
    await delay(LOOK_FOR_TAKEN_MS, undefined, { signal });
  }
  const isServerAlone = stepsOf === "server";
  await Promise.all([isServerAlone ? undefined : fleet.collect(), ...controls.map((control) => collectGarbage(control, signal))]);
  const processes = isServerAlone ? [] : fleet.processes.filter(({ role }) => role !== "publisher");
  const generator = processes.map(({ pid }) => createProcessReader(pid));
  const samples: (RawSample & { readonly generator: ProcessFigures | undefined })[] = [];
  const looks = LOOKS[stepsOf];
  for (let look = 0; look < looks; look++) {
    if (look > 0) await delay(BETWEEN_LOOKS_MS, undefined, { signal });
    samples.push({ ...(await sampler.take()), generator: sumProcesses(generator.map((process) => process.read())) });
  }
  const middle = (pick: (sample: (typeof samples)[number]) => number | undefined): number | undefined =>
    samples
      .flatMap((sample) => pick(sample) ?? [])
      .toSorted((a, b) => a - b)
      .at(looks >> 1);
  return present({
    connections,
    serverUssBytes: middle(({ server }) => server?.ussBytes),
    kernelSlabBytes: middle(({ host }) => host.slabUnreclaimableBytes),
    generatorUssBytes: middle((sample) => sample.generator?.ussBytes),
    serverFds: middle(({ server }) => server?.fds),
  });
}

async function collectGarbage({ host, port }: Target["controls"][number], signal: AbortSignal): Promise<void> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(COLLECT_WITHIN_MS)]);
  // A connection of its own, closed with the answer: the samples must not find it among the descriptors.
  const { statusCode, body } = await request(`http://${host}:${port}/gc`, {
    method: "POST",
    headers: { connection: "close" },
    signal: within,
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`POST /gc at ${host}:${port} was answered ${statusCode}`);
}

/** What one connection costs; absent where there were no steps, or nothing could be read. */
export interface PerConnection {
  readonly serverBytes?: number;
  readonly kernelBytes?: number;
  readonly generatorBytes?: number;
  readonly serverFds?: number;
  /** How far the two estimates of the server's bytes lie apart, as a share of the first. */
  readonly disagreement?: number;
}

/** The slopes over the steps, by least squares. */
export function perConnection(steps: readonly ConnectionStep[]): PerConnection {
  if (steps.length < 2) return {};
  const pointsOf = (pick: (step: ConnectionStep) => number | undefined) =>
    steps.flatMap((step) => {
      const y = pick(step);
      return y === undefined ? [] : { x: step.connections, y };
    });
  const slope = (pick: (step: ConnectionStep) => number | undefined): number | undefined => {
    const points = pointsOf(pick);
    return points.length < steps.length ? undefined : leastSquares(points);
  };
  const serverBytes = slope((step) => step.serverUssBytes);
  return present({
    serverBytes,
    kernelBytes: slope((step) => step.kernelSlabBytes),
    generatorBytes: slope((step) => step.generatorUssBytes),
    serverFds: slope((step) => step.serverFds),
    disagreement: serverBytes === undefined ? undefined : Math.abs(theilSen(pointsOf((step) => step.serverUssBytes)) / serverBytes - 1),
  });
}
