import { present } from "../present.ts";
import type { RawSample } from "./raw-sample.ts";

/** What server and host did between two samples; what one of the two lacks is absent. */
export interface WindowFigures {
  readonly elapsedMs: number;
  /** CPU time of the server. */
  readonly cpuNs?: number;
  /** The same over the time that passed. */
  readonly cpuCores?: number;
  /** Time the server's threads were ready to run and had no core. */
  readonly runqWaitMs?: number;
  /** Event-loop utilisation of the server, in [0, 1]; over several processes, of all their loops together. */
  readonly elu?: number;
  readonly gcMs?: number;
  readonly hostCpuCores?: number;
  /** Of them those of the process that looks. */
  readonly ownCpuCores?: number;
  /** Share of all core time that the hypervisor gave to others. */
  readonly hostSteal?: number;
  /** Share of the time in which at least one task waited for a core. */
  readonly hostPressure?: number;
  /** Times the control group was held back. */
  readonly throttled?: number;
}

/** The differences of all counters; `to` is the later sample. Throws when it is not, for every figure would be nonsense. */
export function windowFigures(from: RawSample, to: RawSample): WindowFigures {
  const elapsedNs = to.atNs - from.atNs;
  if (!(elapsedNs > 0)) throw new RangeError(`a window of ${elapsedNs} ns: expected two samples, the earlier one first`);
  const cpuNs = difference(from.server?.cpuNs, to.server?.cpuNs);
  const busyNs = difference(from.host.busyNs, to.host.busyNs);
  const stealNs = difference(from.host.stealNs, to.host.stealNs);
  const idleNs = difference(from.host.idleNs, to.host.idleNs);
  return present({
    elapsedMs: elapsedNs / 1e6,
    cpuNs,
    cpuCores: quotient(cpuNs, elapsedNs),
    runqWaitMs: quotient(difference(from.server?.runqWaitNs, to.server?.runqWaitNs), 1e6),
    elu: share(difference(from.stats?.loopActiveMs, to.stats?.loopActiveMs), difference(from.stats?.loopIdleMs, to.stats?.loopIdleMs)),
    gcMs: difference(from.stats?.gcMs, to.stats?.gcMs),
    hostCpuCores: quotient(busyNs, elapsedNs),
    ownCpuCores: quotient(difference(from.ownCpuNs, to.ownCpuNs), elapsedNs),
    hostSteal: busyNs === undefined || idleNs === undefined ? undefined : share(stealNs, busyNs + idleNs),
    hostPressure: quotient(difference(from.host.pressureNs, to.host.pressureNs), elapsedNs),
    throttled: difference(from.host.throttled, to.host.throttled),
  });
}

/** A counter that went back belongs to something that was restarted: no difference can be had. */
function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}

function quotient(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value / by;
}

/** `part` of itself and the rest; absent when nothing passed at all. */
function share(part: number | undefined, rest: number | undefined): number | undefined {
  return part === undefined || rest === undefined || part + rest === 0 ? undefined : part / (part + rest);
}
