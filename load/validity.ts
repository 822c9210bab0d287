/** Can the figures be believed? The rules of METHOD R6, and what else would make a figure wrong; pure. */
import { CLOSED_LOOP } from "./measurement.ts";
import type { GeneratorProcess, Validity, ValidityReason } from "./measurement.ts";

/** Thresholds of METHOD R6; they are not moved to make a cell pass. */
export const LIMITS = {
  probeElu: 0.5,
  workerEluInflated: 0.5,
  workerEluInvalid: 0.8,
  lagMs: 1,
  lagShareOfP99: 0.05,
  achieved: 0.99,
  steal: 0.01,
  missingSamples: 0.1,
  runqWaitShare: 0.1,
} as const;

export interface ValidityFacts {
  readonly generator: readonly GeneratorProcess[];
  readonly windowMs: number;
  /** p99 of publish lag, and of the headline latency; absent where nothing was published or delivered. */
  readonly lagP99Ms?: number;
  readonly deliveryP99Ms?: number;
  readonly published: number;
  readonly intended: number;
  /** Messages the server did not take, with its reason. */
  readonly refused: number;
  /** Messages that the server had not taken from the publisher when the window ended. */
  readonly unsent: number;
  /** Control ports that did not say in time how much they took. */
  readonly unanswered: number;
  readonly refusedReason?: string;
  readonly clockErrors: number;
  readonly overflow: number;
  /** Share of the host's CPU time that the hypervisor took. */
  readonly steal?: number;
  /** Times the cgroup was throttled in the window. */
  readonly throttled?: number;
  readonly samplesDue: number;
  readonly samplesTaken: number;
  /** Descriptors that the server did not give back, and connections it still counts. */
  readonly leakedFds?: number;
  readonly heldConnections?: number;
  /** Subscribers asked as soon as they were answered. */
  readonly closedLoop: boolean;
  /** They were served in the order in which they asked again. */
  readonly asksAgain: boolean;
  /** The shown percentiles (p50, p99) that could not be had from the probes. */
  readonly fromPopulation: readonly string[];
  /** Of a target that does not speak the contract: its name, and whether its processes were looked at. */
  readonly foreign?: { readonly name: string; readonly sampled: boolean };
  readonly subscribers: number;
  /** Those that were to get something and got nothing at all. */
  readonly silent: number;
  /** What stopping the target had to say. */
  readonly stopNotes: readonly string[];
}

export function judge(facts: ValidityFacts): Validity {
  const reasons = [
    ...generatorReasons(facts),
    ...publisherReasons(facts),
    ...clockReasons(facts),
    ...hostReasons(facts),
    ...foreignReasons(facts),
    ...silenceReasons(facts),
    ...serverReasons(facts),
    ...loopReasons(facts),
    ...probeReasons(facts),
  ];
  return { valid: reasons.every(({ severity }) => severity !== "invalid"), reasons };
}

function generatorReasons({ generator, windowMs }: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  for (const { role, pid, elu = 0, runqWaitMs } of generator) {
    if (role === "probes" && elu > LIMITS.probeElu) {
      reasons.push(
        invalid(
          "probe_saturated",
          `the probes' event loop was ${percent(elu)} busy, more than ${percent(LIMITS.probeElu)}: their latency includes their own queue`,
          "lower the rate or the payload, or run on a machine with more cores",
        ),
      );
    }
    if (role === "subscribers" && elu > LIMITS.workerEluInvalid) {
      reasons.push(
        invalid(
          "worker_saturated",
          `a worker's event loop (pid ${pid}) was ${percent(elu)} busy, more than ${percent(LIMITS.workerEluInvalid)}`,
          "lower the rate or the subscribers, or run on a machine with more cores",
        ),
      );
    } else if (role === "subscribers" && elu > LIMITS.workerEluInflated) {
      reasons.push(
        warning(
          "population_inflated",
          `a worker's event loop (pid ${pid}) was ${percent(elu)} busy: population_latency_ms includes its queue`,
          "read delivery_latency_ms, which the probes measured",
        ),
      );
    }
    if (runqWaitMs !== undefined && role !== "subscribers" && runqWaitMs / windowMs > LIMITS.runqWaitShare) {
      reasons.push(
        warning(
          "generator_waits_for_core",
          `the ${role === "probes" ? "probes" : "publisher"} waited ${runqWaitMs.toFixed(0)} ms of ${windowMs.toFixed(0)} ms for a core`,
          "stop what else runs on this machine, or use one with more cores",
        ),
      );
    }
  }
  return reasons;
}

function publisherReasons(facts: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  const { lagP99Ms, deliveryP99Ms, published, unsent, unanswered, intended, refused, refusedReason } = facts;
  const lagLimit = Math.max(LIMITS.lagMs, LIMITS.lagShareOfP99 * (deliveryP99Ms ?? 0));
  if (lagP99Ms !== undefined && lagP99Ms > lagLimit) {
    reasons.push(
      invalid(
        "publisher_late",
        `the publisher was late: publish_lag_ms p99 is ${lagP99Ms.toFixed(2)}, more than ${lagLimit.toFixed(2)}`,
        "stop what else runs on this machine, lower the rate, or use more cores",
      ),
    );
  }
  if (intended > 0 && (published - unsent) / intended < LIMITS.achieved) {
    reasons.push(
      invalid(
        "schedule_slipped",
        `${published - unsent} of ${intended} intended messages had left the publisher when the window ended, less than ${percent(LIMITS.achieved)}`,
        "lower the rate: the server or the publisher could not take it",
      ),
    );
  }
  if (unanswered > 0) {
    reasons.push(
      invalid(
        "ingest_backlog",
        "the server did not say in time how many messages it took: it was still busy with what was published",
        "lower the rate or the payload",
      ),
    );
  }
  if (refused > 0) {
    reasons.push(
      invalid(
        "ingest_refused",
        `the server did not take ${refused} published messages${refusedReason === undefined ? "" : `: ${refusedReason}`}`,
        "see the server's limits on topics and message sizes",
      ),
    );
  }
  return reasons;
}

function clockReasons({ clockErrors, overflow }: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  if (clockErrors > 0) {
    reasons.push(
      invalid(
        "clock_error",
        `${clockErrors} latencies were negative: the processes do not share a clock`,
        "run publisher and subscribers on one host",
      ),
    );
  }
  if (overflow > 0) {
    reasons.push(invalid("latency_overflow", `${overflow} latencies were longer than an hour`, "shorten the trial"));
  }
  return reasons;
}

function hostReasons({ steal, throttled, samplesDue, samplesTaken }: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  if (steal !== undefined && steal > LIMITS.steal) {
    reasons.push(
      invalid(
        "host_steal",
        `the hypervisor took ${percent(steal)} of the CPU time`,
        "run on a machine that is not shared, or at another time",
      ),
    );
  }
  if (throttled !== undefined && throttled > 0) {
    reasons.push(invalid("cgroup_throttled", `the container was throttled ${throttled} times`, "raise the container's CPU limit"));
  }
  if (samplesDue > 0 && samplesTaken / samplesDue < 1 - LIMITS.missingSamples) {
    reasons.push(
      warning(
        "samples_missing",
        `${samplesTaken} of ${samplesDue} resource samples were taken`,
        "stop what else runs on this machine: the coordinator was starved",
      ),
    );
  }
  return reasons;
}

function foreignReasons({ foreign }: ValidityFacts): ValidityReason[] {
  if (foreign === undefined) return [];
  const counted = warning(
    "counted_from_first_delivery",
    `counted from the first delivery on: "${foreign.name}" says no hello, so what it missed before that does not show`,
    "see that it is subscribed before the first message: lengthen settle where subscribing takes long",
  );
  const unseen = warning(
    "server_not_sampled",
    `no process of "${foreign.name}" was looked at: no figures of the server, and nobody judged whether it gives its connections back`,
    "name its process in the suite, as pid, where it runs on this machine",
  );
  return foreign.sampled ? [counted] : [counted, unseen];
}

function silenceReasons({ subscribers, silent }: ValidityFacts): ValidityReason[] {
  if (silent === 0) return [];
  return [
    warning(
      "subscribers_silent",
      `${silent} of ${subscribers} subscribers never got a message`,
      "see that they listen to what is published: the same topic, and a server that hands it on",
    ),
  ];
}

function serverReasons({ leakedFds, heldConnections, stopNotes }: ValidityFacts): ValidityReason[] {
  return [
    ...(heldConnections !== undefined && heldConnections > 0
      ? [
          warning(
            "connections_held",
            `the server counted ${heldConnections} connections more than before the load, 5 s after everybody had left`,
            "look for connections whose end the server does not see",
          ),
        ]
      : []),
    ...(leakedFds !== undefined && leakedFds > 0
      ? [
          warning(
            "descriptors_leaked",
            `the server held ${leakedFds} descriptors more than before the load, 5 s after everybody had left`,
            "look for connections that the server does not close",
          ),
        ]
      : []),
    ...stopNotes.map((note) => warning("slow_stop", note, "look for what keeps the server from closing")),
  ];
}

/** METHOD R3. */
function loopReasons({ closedLoop }: ValidityFacts): ValidityReason[] {
  if (!closedLoop) return [];
  return [
    warning(
      CLOSED_LOOP,
      "closed loop: maximum throughput; latency not comparable",
      "read request_rate; for a latency to compare give a pollInterval",
    ),
  ];
}

function probeReasons({ fromPopulation, asksAgain }: ValidityFacts): ValidityReason[] {
  if (fromPopulation.length === 0) return [];
  const [why, advice] = asksAgain
    ? ["whoever asks again first is answered first, and the probes always do", "read it as what a client of average speed sees"]
    : ["the probes had too few deliveries", "lengthen the trial or raise the rate"];
  return [
    warning("percentiles_from_population", `delivery_latency_ms ${fromPopulation.join(", ")} come from all subscribers: ${why}`, advice),
  ];
}

function invalid(code: string, message: string, advice: string): ValidityReason {
  return { code, severity: "invalid", message, advice };
}

function warning(code: string, message: string, advice: string): ValidityReason {
  return { code, severity: "warning", message, advice };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
