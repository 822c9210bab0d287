/** What happened in each second of a trial, put together from what its processes report. */
import type { SubscriberReport } from "../assignment.ts";
import { encodeHistogram } from "../hdr.ts";
import { createHistogram } from "../histogram.ts";
import type { Histogram, SparseCounts } from "../histogram.ts";
import type { Second } from "../measurement.ts";

export interface Timeline {
  published(atSecond: number, messages: number): void;
  /** Takes a worker's second; returns the second's deliveries and latencies once all workers have told theirs. */
  received(role: "probes" | "subscribers", report: Extract<SubscriberReport, { kind: "second" }>): LiveSecond | undefined;
  /** The window is so many seconds later than those who report believe: all seconds count from where it is. */
  postpone(seconds: number): void;
  /** The seconds that every worker has told of, in the order of time. */
  told(): readonly ToldSecond[];
  /** Every second from the first to the last, empty ones too. */
  seconds(): readonly Second[];
}

export type ToldSecond = Pick<Second, "atSecond" | "delivered">;

export interface LiveSecond {
  readonly delivered: number;
  readonly latency: Histogram;
  /** Of the busiest worker. */
  readonly elu: number;
}

interface Entry {
  published: number;
  delivered: number;
  errors: number;
  reconnects: number;
  elu: number;
  reports: number;
  readonly probes: SparseCounts[];
  readonly others: SparseCounts[];
}

export function createTimeline(workers: number): Timeline {
  /** By the second as it is reported. */
  const entries = new Map<number, Entry>();
  let postponed = 0;

  function entry(atSecond: number): Entry {
    const known = entries.get(atSecond);
    if (known !== undefined) return known;
    const fresh: Entry = { published: 0, delivered: 0, errors: 0, reconnects: 0, elu: 0, reports: 0, probes: [], others: [] };
    entries.set(atSecond, fresh);
    return fresh;
  }

  return {
    published(atSecond, messages) {
      entry(atSecond).published += messages;
    },
    received(role, report) {
      const second = entry(report.atSecond);
      second.delivered += report.delivered;
      second.errors += report.errors;
      second.reconnects += report.reconnects;
      second.elu = Math.max(second.elu, report.elu);
      (role === "probes" ? second.probes : second.others).push(report.latency);
      if (++second.reports !== workers) return undefined;
      return { delivered: second.delivered, latency: merge([...second.probes, ...second.others]), elu: second.elu };
    },
    postpone(seconds) {
      postponed += seconds;
    },
    told() {
      return [...entries]
        .filter(([, { reports }]) => reports === workers)
        .map(([reported, { delivered }]): ToldSecond => ({ atSecond: reported - postponed, delivered }))
        .sort((a, b) => a.atSecond - b.atSecond);
    },
    seconds() {
      const known = [...entries.keys()];
      if (known.length === 0) return [];
      const first = Math.min(...known);
      return Array.from({ length: Math.max(...known) - first + 1 }, (_, i): Second => {
        const { published, delivered, errors, reconnects, probes, others } = entry(first + i);
        return {
          atSecond: first + i - postponed,
          published,
          delivered,
          errors,
          reconnects,
          population: encodeHistogram(merge([...probes, ...others])),
          probes: encodeHistogram(merge(probes)),
        };
      });
    },
  };
}

/** One histogram of several shards. */
export function merge(shards: readonly SparseCounts[]): Histogram {
  const whole = createHistogram();
  for (const shard of shards) whole.add(shard);
  return whole;
}
