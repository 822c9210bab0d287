/** What a delivery cost the server in each second of a trial; pure. */
import type { Steadiness } from "../measurement.ts";
import type { RawSample } from "../sampling/sampler.ts";
import { steadinessOf } from "../steadiness.ts";
import type { CpuSecond } from "../steadiness.ts";
import type { ToldSecond } from "./timeline.ts";

/** So long before a second begins its sample is due: messages are often due as a second begins, and none is then under way. */
export const SAMPLE_EARLY_NS = 20e6;
/** How far from there a sample may lie and still tell one second from the next. */
const SAMPLE_OFF_NS = 50e6;
/** With fewer deliveries in a second it is chance what one costs. */
const LEAST_DELIVERIES = 10;

type Sample = Pick<RawSample, "atNs" | "server">;

/** Of the whole seconds from `from` to before `to`, where second 0 begins at `zeroNs`. */
export function steadinessBetween(
  range: readonly [from: number, to: number],
  told: readonly ToldSecond[],
  samples: readonly Sample[],
  zeroNs: number,
): Steadiness {
  return steadinessOf(cpuSeconds(told, samples, zeroNs, range), range[1] - range[0]);
}

/** The seconds from `from` to before `to`, in the order of time, as far as their CPU time is known and there were deliveries enough. */
export function cpuSeconds(
  told: readonly ToldSecond[],
  samples: readonly Sample[],
  zeroNs: number,
  [from, to]: readonly [from: number, to: number],
): CpuSecond[] {
  const edge = (atSecond: number): { readonly atNs: number; readonly cpuNs: number } | undefined => {
    const dueNs = zeroNs + atSecond * 1e9 - SAMPLE_EARLY_NS;
    const off = ({ atNs }: Sample): number => Math.abs(atNs - dueNs);
    const [nearest] = samples.filter((sample) => off(sample) <= SAMPLE_OFF_NS).sort((a, b) => off(a) - off(b));
    return nearest?.server && { atNs: nearest.atNs, cpuNs: nearest.server.cpuNs };
  };
  return told.flatMap(({ atSecond, delivered }) => {
    if (atSecond < from || atSecond >= to || delivered < LEAST_DELIVERIES) return [];
    const [begin, end] = [edge(atSecond), edge(atSecond + 1)];
    if (begin === undefined || end === undefined || end.cpuNs <= begin.cpuNs) return [];
    const cpuNsPerSecond = (end.cpuNs - begin.cpuNs) / ((end.atNs - begin.atNs) / 1e9);
    return [{ atSecond, cpuUsPerDelivery: cpuNsPerSecond / 1000 / delivered }];
  });
}
