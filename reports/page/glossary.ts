/** The words and formulae that a report uses, for who reads it without the manual. */
import { MODES_RULE } from "../charts/modes.ts";
import { STALL_RULE } from "../charts/stalls.ts";

/** In the order in which a reader meets them. */
export const GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  ["delivery", "one message at one subscriber; a broadcast makes as many of a message as there are subscribers."],
  ["delivery latency", "received − due. The due time is fixed before the run, so a server that stalls pays for every message it held up."],
  ["p99", "99 of 100 deliveries were this fast or faster. A percentile is given only where at least ten deliveries lie beyond it."],
  [
    "probes",
    "subscribers in a process of their own; the headline latency is theirs where they have enough deliveries, for a busy worker adds its own queueing.",
  ],
  [
    "interval",
    "from six trials on, the 95 % interval of the median (between order statistics, Hettmansperger and Sheather, 1986); of two to five trials their range; of one trial nothing.",
  ],
  ["CPU per 1,000 deliveries", "CPU time of the server's threads over the measured window, divided by the deliveries in it."],
  [
    "steady",
    "CPU time per delivery, second by second: the 95 % interval of its slope contains 0, and first and last third do not differ by more than 5 % beyond their own interval.",
  ],
  ["USS, RSS", "memory that is the server's alone, and all that is resident for it."],
  ["invalid", "the generator, the schedule or the host was the limit, or a trial failed: the figures say nothing sure about the server."],
  [
    "knee",
    "the last number of connections before the p99 grows faster than they do, by a quarter and more; in proportion is what a fan-out costs.",
  ],
  ["publish lag", "how late the publisher sent; a late message keeps its due time."],
  ["late", "received, and only after the drain that follows the window had ended; such a message counts as lost as well."],
  ["event-loop delay", "how much longer than asked a timer of the server's own process took: for so long it answered nobody."],
  ["mode", `a heap in the histogram of a server's latencies; more than one is ${MODES_RULE}.`],
  ["stall", `where ${STALL_RULE}.`],
  ["a poller's latency", "is mostly the interval it polls at; its price is requests per delivery."],
];

/** By what a figure is computed; names as they stand in summary.json. */
export const FORMULAE: typeof GLOSSARY = [
  [
    "delivery_latency_ms = received − due",
    "of it publish_lag_ms = sent − due, and transit_latency_ms = received − sent; one monotonic clock.",
  ],
  [
    "quantile q of n values = the smallest one that q · n of them or more do not pass",
    "from a histogram with buckets a thousandth wide (HdrHistogram, three digits), merged over trials and never averaged; given where n · (1 − q) ≥ 10.",
  ],
  [
    "due(n) = start + n / rate",
    "with fixed arrivals; Poisson and burst schedules are drawn from the seed. Whatever the server does, they stay.",
  ],
  ["messages_lost = expected − delivered", "expected are the messages due while subscribed, delivered is each of them once."],
  ["publish_achieved = published / intended", "in the measured window; below 0.99 a trial is invalid."],
  ["delivery_rate = deliveries / s", "of the messages that arrived in the window, whenever they were due."],
  [
    "server_cpu_us_per_delivery = CPU time of the server / deliveries",
    "of the measured window, user and system time of all its processes.",
  ],
  [
    "bytes_down_per_delivery, bytes_up_per_delivery = bytes / deliveries",
    "at the subscribers' sockets, in the window: what polls that brought nothing took is in it.",
  ],
  ["× = figure / best valid figure", "of the cells of one scenario, for figures of which less is better."],
  [
    "server_memory_per_connection_bytes = slope of memory over connections",
    "by least squares, of USS, where connections are opened in steps.",
  ],
  ["Pareto line", "the valid cells that none other passes in both figures."],
];
