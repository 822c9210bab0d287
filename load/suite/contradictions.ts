/** What is wrong only in combination: numbers and limits that are each in order and together cannot work. */
import type { Threshold } from "../suite.ts";
import type { WorkloadForm } from "./schema.ts";
import type { Load } from "./phases.ts";
import type { Finding, Path } from "./source.ts";
import { MAX_SEQUENCE } from "../envelope.ts";
import { formatThreshold, isSatisfiable } from "../threshold.ts";

/** What follows from the rest of a workload, or from the machine, where nobody gives it; and phases, which not every window has. */
type Derived = "topics" | "burst" | "instances" | "phases";

/** A workload with its defaults. */
export type Workload = { readonly [K in Exclude<keyof WorkloadForm, Derived>]-?: NonNullable<WorkloadForm[K]> } & {
  readonly [K in Derived]?: NonNullable<WorkloadForm[K]>;
};

/** Topics published to. */
export function topicsOf({ pattern, subscribers, topics }: Pick<Workload, "pattern" | "subscribers" | "topics">): number {
  return pattern === "unicast" || pattern === "echo" ? subscribers : (topics ?? 1);
}

/** Messages due at once. A burst that stands beside other arrivals says nothing: a matrix may vary them. */
export function burstOf({ arrivals, burst }: Pick<Workload, "arrivals" | "burst">): number {
  return arrivals === "burst" ? (burst ?? 1) : 1;
}

/** METHOD's base of the slope, and a step of less than this is lost in what a server's memory does by itself. */
const FIRST_STEP = 100;
const STEP_AT_LEAST = 20;
const DAY_MS = 24 * 3_600_000;

/** Numbers that are each in range and together cannot work, each with the field to change; on servers of these transports. */
export function contradictions(
  workload: Workload & Load,
  place: (field: keyof WorkloadForm) => Path,
  transports: ReadonlySet<string>,
): Finding[] {
  const { pattern, subscribers, topics, rate, arrivals, payload, warmup, duration, drain, pollInterval, history, backpressure, batch } =
    workload;
  const { instances, phases, startRate, peakRate } = workload;
  const burst = burstOf(workload);
  const due = rate * (duration / 1000);
  // What of a window has to change: a duration and a rate, or its phases.
  const length = phases === undefined ? "duration" : "phases";
  const published = topicsOf(workload);
  const polled = transports.has("polling");
  // Those that open its window, and what comes until it has passed.
  const perBatch = (burst + (peakRate * batch) / 1000) / published;
  // A long poll is answered with what comes at once; a poll with all that came since the last one, which begins in the middle of a batch.
  const perPoll = polled
    ? Math.max((peakRate * (pollInterval + batch)) / 1000 / published, perBatch)
    : transports.has("long-polling")
      ? perBatch
      : 0;
  const when = polled ? "between two polls" : batch > 0 ? `in a batch of ${batch} ms` : "at once";
  const less = polled
    ? `a lower rate or a shorter ${batch > pollInterval ? "batch" : "pollInterval"}`
    : batch > 0
      ? "a lower rate or a shorter batch"
      : "a smaller burst";
  const unseen = batch + (polled ? pollInterval : 0);
  const rules: readonly (readonly [wrong: boolean, field: keyof WorkloadForm, message: string, expected: string])[] = [
    [pattern === "topics" && topics === undefined, "pattern", "pattern topics needs to know how many", "a field topics beside it"],
    [
      pattern === "broadcast" && topics !== undefined && topics > 1,
      "topics",
      `a broadcast has one topic, not ${topics}`,
      "pattern: topics, or topics: 1",
    ],
    [
      (pattern === "unicast" || pattern === "echo") && topics !== undefined && topics !== subscribers,
      "topics",
      `${pattern} has a topic a subscriber, ${subscribers} and not ${topics}`,
      "pattern: topics, or no field topics",
    ],
    [
      pattern === "echo" && workload.client === "reference" && [...transports].some((transport) => !transport.startsWith("websocket")),
      "client",
      "the reference clients only receive but on WebSocket, and echo sends as well",
      "client: lean, or another pattern",
    ],
    [
      pattern !== "topics" && workload.popularity === "zipf",
      "popularity",
      `Zipf spreads subscribers over topics, and ${pattern} leaves nothing to spread`,
      "pattern: topics, or popularity: even",
    ],
    [
      published > subscribers,
      "topics",
      `${published} topics for ${subscribers} subscribers leave topics that nobody hears`,
      "no more topics than subscribers",
    ],
    [
      instances !== undefined && instances > subscribers,
      "instances",
      `${instances} instances for ${subscribers} subscribers leave some idle`,
      "no more instances than subscribers",
    ],
    [
      workload.steps > 1 && subscribers < FIRST_STEP + STEP_AT_LEAST * workload.steps,
      "steps",
      `${subscribers} subscribers make no ${workload.steps} steps of ${STEP_AT_LEAST} and more after the first ${FIRST_STEP}`,
      `fewer steps, or ${FIRST_STEP + STEP_AT_LEAST * workload.steps} subscribers`,
    ],
    [
      arrivals === "burst" && workload.burst === undefined,
      "arrivals",
      "arrivals in bursts need to know how many come at once",
      "a field burst beside it",
    ],
    [
      burst > 1 && due < burst && phases === undefined,
      "burst",
      `at ${rate}/s a burst of ${burst} comes every ${Math.round((burst / rate) * 1000)} ms: none may be due within ${duration} ms`,
      "a smaller burst, a higher rate or a longer duration",
    ],
    [
      burst > 1 && due < burst && due >= 1 && phases !== undefined,
      "burst",
      `all phases together come to ${Math.floor(due)} messages, and a burst has ${burst}: none may be due`,
      "a smaller burst, or phases of a higher rate or longer",
    ],
    [
      due < 1,
      phases === undefined ? "rate" : "phases",
      phases === undefined ? `at ${rate}/s no message is due within ${duration} ms` : "no message is due in any phase",
      phases === undefined ? "a higher rate or a longer duration" : "a phase with a rate",
    ],
    [phases !== undefined && duration < 1000, "phases", `all phases together last ${duration} ms`, "1s to 24h"],
    [phases !== undefined && duration > DAY_MS, "phases", `all phases together last ${duration / 3_600_000} h`, "1s to 24h"],
    [
      payload > backpressure,
      "payload",
      `one message of ${payload} B passes the backpressure bound of ${backpressure} B: every subscriber would be dropped`,
      "a smaller payload or a higher bound",
    ],
    [
      (polled || batch > 0) && drain <= unseen,
      "drain",
      batch === 0
        ? `a drain of ${drain} ms ends before the next poll, ${pollInterval} ms later: the last messages would count as lost`
        : `a drain of ${drain} ms ends before the last batch is sent${polled ? " and polled" : ""}, ${unseen} ms after its first message: the last messages would count as lost`,
      batch === 0 ? "a drain longer than pollInterval" : `a drain longer than batch${polled ? " and pollInterval together" : ""}`,
    ],
    [
      batch >= duration,
      "batch",
      `a batch of ${batch} ms is as long as the measured window of ${duration} ms: it would show one batch at most`,
      "a shorter batch or a longer duration",
    ],
    [
      perPoll > history,
      "history",
      `about ${Math.ceil(perPoll)} messages come ${when} and history keeps ${history}: the others would be lost`,
      `a longer history, ${less}`,
    ],
    [
      payload <= backpressure && perPoll * payload > backpressure,
      "backpressure",
      `about ${Math.ceil(perPoll * payload)} B come ${when} and one answer holds ${backpressure} B: ${polled ? "pollers would fall behind for ever" : "the rest would wait for another request"}`,
      `a higher bound, a smaller payload, ${less}`,
    ],
    [
      batch > 0 && payload <= backpressure && perPoll * payload <= backpressure && perBatch * payload > backpressure,
      "backpressure",
      `about ${Math.ceil(perBatch * payload)} B come in a batch of ${batch} ms, and one that holds the bound of ${backpressure} B is sent before its time`,
      "a higher bound, a smaller payload, a lower rate or a shorter batch",
    ],
    [
      polled && pollInterval === 0 && workload.client === "reference" && workload.connection === "per-poll",
      "connection",
      "the reference client of a closed loop, autocannon, reads no answer on a connection that it opens for each poll",
      "keep-alive, client: lean, or a pollInterval",
    ],
    [
      ((startRate * warmup) / 1000 + due) / published > MAX_SEQUENCE,
      length,
      `more than ${MAX_SEQUENCE} messages would be published on one topic, whose sequence numbers have 32 bits`,
      "a shorter trial, a lower rate or more topics",
    ],
  ];
  return rules.flatMap(([wrong, field, message, expected]) => (wrong ? [{ path: place(field), message, expected }] : []));
}

/** A threshold of a scenario as it is written: which one of the list it is, and for which values of a workload it holds. */
export interface PlacedThreshold {
  readonly at: number;
  readonly where: WorkloadForm;
  readonly threshold: Threshold;
}

/** Limits on one metric that no value can satisfy together, on a server that all of them concern; those that are off ask for nothing. */
export function contradictoryThresholds(placed: readonly PlacedThreshold[], own: Path): Finding[] {
  const asked = placed.filter(({ threshold }) => threshold.level !== "off");
  return asked.flatMap(({ at, threshold: last }, n): Finding[] => {
    const earlier = asked
      .slice(0, n)
      .map(({ threshold }) => threshold)
      .filter((other) => other.metric === last.metric && other.phase === last.phase && shareServer(other, last));
    const clash = earlier.find((other) => !isSatisfiable([other, last]));
    if (!clash) return [];
    const message = `"${formatThreshold(last)}" and "${formatThreshold(clash)}" cannot both hold`;
    return [{ path: [...own, "thresholds", at], message, expected: "limits that some value satisfies" }];
  });
}

function shareServer(a: Threshold, b: Threshold): boolean {
  return a.servers === undefined || b.servers === undefined || a.servers.some((server) => b.servers!.includes(server));
}
