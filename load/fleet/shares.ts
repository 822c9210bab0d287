/** Which process holds which subscribers: a few probes spread over the connect order, the rest dealt out to workers. */
import { workersFor } from "../layout.ts";
import { createPlacement } from "../placement.ts";
import type { Crowd } from "../placement.ts";

/** Subscribers whose latency is the headline (METHOD R6). */
const PROBES = 16;

export interface Shares {
  /** Indices of the connect order. */
  readonly probes: readonly number[];
  readonly workers: readonly (readonly number[])[];
}

/** Deals out subscribers 0 … `subscribers` − 1; with no more than there are probes, the probes hold them all. */
export function planShares(crowd: Crowd, cores: number, descriptorsPerProcess: number): Shares {
  const { subscribers } = crowd;
  const probes = chooseProbes(crowd);
  const isProbe = new Set(probes);
  const rest: number[] = [];
  for (let i = 0; i < subscribers; i++) if (!isProbe.has(i)) rest.push(i);
  const count = rest.length === 0 ? 0 : workersFor(rest.length, cores, descriptorsPerProcess);
  const workers = Array.from({ length: count }, (): number[] => []);
  for (const [i, index] of rest.entries()) workers[i % count]!.push(index);
  return { probes, workers };
}

/**
 * One subscriber out of each sixteenth of the connect order: on the instance, then the topic, that has the fewest probes so far, and
 * nearest to the middle of its sixteenth. A fixed stride would beat with the dealing of {@link createPlacement}: the middles alone can all lie
 * on one instance.
 */
function chooseProbes(crowd: Crowd): number[] {
  const { subscribers } = crowd;
  const { topicOf, instanceOf } = createPlacement(crowd);
  const count = Math.min(PROBES, subscribers);
  const onInstance = new Map<number, number>();
  const onTopic = new Map<number, number>();
  return Array.from({ length: count }, (_, k) => {
    const first = Math.floor((k * subscribers) / count);
    const end = Math.floor(((k + 1) * subscribers) / count);
    const middle = (first + end - 1) / 2;
    let best = first;
    let bestCost = [Infinity, Infinity, Infinity];
    for (let index = first; index < end; index++) {
      const cost = [onInstance.get(instanceOf(index)) ?? 0, onTopic.get(topicOf(index)) ?? 0, Math.abs(index - middle)];
      if (!isLess(cost, bestCost)) continue;
      best = index;
      bestCost = cost;
    }
    onInstance.set(instanceOf(best), (onInstance.get(instanceOf(best)) ?? 0) + 1);
    onTopic.set(topicOf(best), (onTopic.get(topicOf(best)) ?? 0) + 1);
    return best;
  });
}

/** By the first element that differs. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}
