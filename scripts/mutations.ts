/** The ways in which `npm run mutate` breaks the measuring code; a test must notice each. */
import type { Mutation } from "./mutation.ts";

const LEDGER = { file: "load/ledger.ts", tests: ["load/ledger.test.ts"] } as const;
const HISTOGRAM = { file: "load/histogram.ts", tests: ["load/histogram.test.ts"] } as const;
const RECEIVER = { file: "load/workers/receiver.ts", tests: ["load/workers/receiver.test.ts"] } as const;
const ENVELOPE = { file: "load/envelope.ts", tests: ["load/envelope.test.ts"] } as const;
const SCHEDULE = { file: "load/schedule.ts", tests: ["load/schedule.test.ts"] } as const;
const RATE_PROFILE = { file: "load/rate-profile.ts", tests: ["load/rate-profile.test.ts"] } as const;
const PUBLISHER = ["load/workers/publisher.test.ts", "load/workers/emission.test.ts"] as const;
const LATENCY = { file: "load/trial/latency.ts", tests: ["load/trial/latency.test.ts", "load/trial/figures.test.ts"] } as const;
const FIGURES = { file: "load/trial/figures.ts", tests: ["load/trial/figures.test.ts"] } as const;
const TIMELINE = { file: "load/trial/timeline.ts", tests: ["load/trial/timeline.test.ts", "load/trial/figures.test.ts"] } as const;
const STEADINESS = { file: "load/steadiness.ts", tests: ["load/steadiness.test.ts"] } as const;
const CPU_SECONDS = { file: "load/trial/cpu-seconds.ts", tests: ["load/trial/cpu-seconds.test.ts"] } as const;
const WARM_UP = { file: "load/trial/warm-up.ts", tests: ["load/trial/warm-up.test.ts"] } as const;
const VALIDITY = { file: "load/validity/limits.ts", tests: ["load/validity.test.ts"] } as const;
const STATISTICS = { file: "reports/statistics.ts", tests: ["reports/statistics.test.ts"] } as const;
const SUMMARY = { file: "reports/summary.ts", tests: ["reports/summary.test.ts"] } as const;
const CLIMB = { file: "reports/climb.ts", tests: ["reports/climb.test.ts"] } as const;
const CLIMB_LATENCY = { file: "reports/charts/climb-latency.ts", tests: ["reports/charts/climb-lines.test.ts"] } as const;

const BATCHES = { file: "servers/batches.ts", tests: ["servers/batches.test.ts"] } as const;
const HUB = { file: "servers/hub.ts", tests: ["servers/hub.test.ts"] } as const;
const CAPACITY_SEARCH = { file: "load/capacity/search.ts", tests: ["load/capacity/search.test.ts"] } as const;
const CAPACITY_JUDGE = { file: "load/capacity/judge.ts", tests: ["load/capacity/judge.test.ts"] } as const;
const CAPACITY_GROWTH = { file: "load/capacity/growth.ts", tests: ["load/capacity/growth.test.ts"] } as const;

export const MUTATIONS: readonly Mutation[] = [
  {
    ...LEDGER,
    what: "the first missing number is not missing",
    text: "if (missing === undefined) gaps.set(subscriber, [{ first: expected, last: sequence - 1 }]);",
    replacement: "if (missing === undefined) gaps.set(subscriber, [{ first: expected + 1, last: sequence - 1 }]);",
  },
  {
    ...LEDGER,
    what: "a gap that is filled from its end stays open",
    text: "else if (sequence === gap.last) gap.last--;",
    replacement: "else if (sequence === gap.last) gap.last = sequence;",
  },
  {
    ...LEDGER,
    what: "a duplicate counts as delivered",
    text: `note("duplicated", inWindow);
          return "duplicate";`,
    replacement: `note("duplicated", inWindow);`,
  },
  {
    ...LEDGER,
    what: "what comes late counts as delivered",
    text: `if (closed) {
          note("late", inWindow);
          return "late";
        }
        if (sequence > expected) {`,
    replacement: "if (sequence > expected) {",
  },
  { ...LEDGER, what: "disorder is not counted", text: `note("reordered", inWindow);`, replacement: "" },
  {
    ...LEDGER,
    what: "one loss is forgiven",
    text: "lost: expected - delivered,",
    replacement: "lost: Math.max(0, expected - delivered - 1),",
  },
  {
    ...LEDGER,
    what: "the last message is not expected",
    text: "Math.max(range.first, next) + 1)",
    replacement: "Math.max(range.first, next))",
  },
  {
    ...LEDGER,
    what: "what was published before the hello is expected",
    text: "Math.max(range.first, next) + 1)",
    replacement: "range.first + 1)",
  },
  {
    ...LEDGER,
    tests: ["load/ledger.test.ts", "load/trial/figures.test.ts"],
    what: "duplicates of several workers are not summed",
    text: "duplicated: sum((c) => c.duplicated),",
    replacement: "duplicated: shards[0]!.duplicated,",
  },

  {
    ...RECEIVER,
    what: "latency runs from the sending, not from the due time",
    text: "delivery.recordSlot(latencySlot);",
    replacement: "delivery.record(latencyNs - envelope.lagNs);",
  },
  {
    ...RECEIVER,
    what: "transit runs from the due time",
    text: "transit.record(latencyNs - envelope.lagNs);",
    replacement: "transit.record(latencyNs);",
  },
  {
    ...RECEIVER,
    what: "a negative latency is clamped to none",
    text: "const latencyNs = receivedNs - dueNs;",
    replacement: "const latencyNs = Math.max(0, receivedNs - dueNs);",
  },
  {
    ...RECEIVER,
    what: "the window is by arrival",
    text: "const inWindow = dueNs >= times.zeroNs && dueNs < times.endNs;",
    replacement: "const inWindow = receivedNs >= times.zeroNs && receivedNs < times.endNs;",
  },
  {
    ...RECEIVER,
    what: "a message due as the window opens is outside",
    text: "const inWindow = dueNs >= times.zeroNs &&",
    replacement: "const inWindow = dueNs > times.zeroNs &&",
  },
  {
    ...RECEIVER,
    what: "a message due as the window closes is inside",
    text: "&& dueNs < times.endNs;",
    replacement: "&& dueNs <= times.endNs;",
  },
  {
    ...RECEIVER,
    what: "damage is swallowed",
    text: `if (!envelope.read(bytes, start, end)) {
      ledger.corrupt(receivedNs >= times.zeroNs);`,
    replacement: "if (!envelope.read(bytes, start, end)) {",
  },
  {
    ...RECEIVER,
    what: "the drain deadline is ignored",
    text: "if (receivedNs > times.deadlineNs) ledger.close();",
    replacement: "",
  },
  {
    ...RECEIVER,
    what: "repeats count as messages that arrived",
    text: `if (ledger.receive(slot, envelope.sequence, inWindow) !== "unique") return true;
    messages++;`,
    replacement: `messages++;
    if (ledger.receive(slot, envelope.sequence, inWindow) !== "unique") return true;`,
  },
  {
    ...RECEIVER,
    what: "messages of an earlier trial count",
    text: "if (foreign && dueNs < times.startNs) return true;",
    replacement: "",
  },
  {
    ...RECEIVER,
    what: "the wait for the first message begins before the publishing",
    text: "receivedNs - Math.max(waitingSince[slot]!, times.startNs)",
    replacement: "receivedNs - waitingSince[slot]!",
  },
  {
    ...RECEIVER,
    what: "milliseconds of a connect are called microseconds",
    text: "opening.tcp_connect.record(took.tcpMs * 1e6);",
    replacement: "opening.tcp_connect.record(took.tcpMs * 1e3);",
  },
  {
    file: "load/workers/second-reporter.ts",
    tests: RECEIVER.tests,
    what: "the second that has begun is not told",
    text: "if (nextNs < Infinity) turn();",
    replacement: "",
  },
  {
    file: "load/clock.ts",
    tests: ["load/clock.test.ts"],
    what: "each process has a clock of its own",
    text: "return performance.now() * 1e6 + offsetNs;",
    replacement: "return performance.now() * 1e6 + 0 * offsetNs;",
  },

  { ...HISTOGRAM, what: "a quantile is one value off", text: "if (seen >= wanted)", replacement: "if (seen > wanted)" },
  {
    ...HISTOGRAM,
    what: "a quantile is of the bucket below",
    text: "if (seen >= wanted) return highOf(slot);",
    replacement: "if (seen >= wanted) return highOf(slot - 1);",
  },
  {
    ...HISTOGRAM,
    what: "a clock error counts as 0",
    text: "if (slot < 0) this.clockErrors += times;",
    replacement: "if (slot < 0) this.#put(0, times);",
  },
  {
    ...HISTOGRAM,
    what: "what is over range counts as the largest value",
    text: "else if (slot >= SLOTS) this.overflow += times;",
    replacement: "else if (slot >= SLOTS) this.#put(SLOTS - 1, times);",
  },
  { ...HISTOGRAM, what: "clock errors are lost in a merge", text: "this.clockErrors += other.clockErrors;", replacement: "" },
  {
    file: "load/hdr.ts",
    tests: ["load/histogram.test.ts"],
    what: "a stored bucket holds one value",
    text: "library.recordValueWithCount(low, times);",
    replacement: "library.recordValueWithCount(low, Math.min(1, times));",
  },

  {
    ...ENVELOPE,
    what: "half of the checksum is ignored",
    text: "view.getInt32(start + CHECKSUM + 4, true) === digitsOf(sum & 0xffff)",
    replacement: "true",
  },
  {
    file: "load/wire/xxh32.ts",
    tests: ["load/envelope.test.ts"],
    what: "a field is not in the checksum",
    text: "d = lane(d, view.getInt32(i + 12, true));",
    replacement: "",
  },
  {
    ...ENVELOPE,
    what: "the padding is not compared",
    text: "if (!paddingMatches(bytes, view, start + ENVELOPE_BYTES, end)) return false;",
    replacement: "",
  },
  {
    ...ENVELOPE,
    what: "the last bytes of the padding are not compared",
    text: "for (; i < length; i++) {",
    replacement: "for (; i < length - 3; i++) {",
  },
  {
    ...ENVELOPE,
    what: "a cut message is taken for whole",
    text: " || readWord(view, start + SIZE) !== size",
    replacement: "",
  },
  {
    ...ENVELOPE,
    what: "a message whose head begins as that of a known one is taken for that",
    text: "for (let i = 0; i < HEAD_WORDS; i++) {",
    replacement: "for (let i = 0; i < HEAD_WORDS - 1; i++) {",
  },
  {
    ...ENVELOPE,
    what: "a message of another size is taken for a known one",
    text: "if (size !== this.#sizes[place] || !this.#isKnown(view, start, place)) {",
    replacement: "if (this.#sizes[place] === 0 || !this.#isKnown(view, start, place)) {",
  },
  {
    ...ENVELOPE,
    what: "a message is taken for whatever is known at its place",
    text: "if (size !== this.#sizes[place] || !this.#isKnown(view, start, place)) {",
    replacement: "if (size !== this.#sizes[place]) {",
  },
  {
    ...ENVELOPE,
    what: "the send time of large lags is wrong",
    text: "valueOf(view.getInt32(start + LAG, true)) * 2 ** 32 + readWord",
    replacement: "readWord",
  },

  {
    file: "load/wire/known-heads.ts",
    tests: ["load/wire/known-heads.test.ts"],
    what: "the first bytes of a head are not compared",
    text: "return view.getFloat64(start, true) === words[i];",
    replacement: "return true;",
  },
  {
    file: "load/wire/known-heads.ts",
    tests: ["load/wire/known-heads.test.ts"],
    what: "heads are compared whose doubles say too little",
    text: "if (!words.every((word) => word !== 0 && !Number.isNaN(word))) return;",
    replacement: "",
  },
  {
    file: "load/wire/http1.ts",
    tests: ["load/wire/http1.test.ts"],
    what: "a known head is taken for as long as the last one",
    text: "return start + same.length;",
    replacement: "return start + same.length + 1;",
  },
  {
    file: "load/wire/scanning.ts",
    tests: ["load/wire/scanning.test.ts"],
    what: "a line end is overlooked in the second half of eight bytes",
    text: "| ((second - 0x10101010) & ~second)",
    replacement: "",
  },
  {
    file: "load/wire/poll-answer.ts",
    tests: ["load/wire/poll-answer.test.ts"],
    what: "messages before one with an escape are handed on twice",
    text: "messages.slice(handed)",
    replacement: "messages",
  },
  {
    file: "load/wire/poll-answer.ts",
    tests: ["load/wire/poll-answer.test.ts"],
    what: "a cursor without digits is read as 0",
    text: "missedEnd > missed &&",
    replacement: "",
  },
  {
    file: "load/wire/event-stream.ts",
    tests: ["load/wire/event-stream.test.ts"],
    what: "an event is taken for whole by what an earlier read left behind",
    text: "stop + 1 < end &&\n",
    replacement: "\n",
  },
  {
    file: "load/wire/event-stream.ts",
    tests: ["load/wire/event-stream.test.ts"],
    what: "a later line of data is taken for all of the event",
    text: "!this.#hasData &&\n",
    replacement: "\n",
  },

  {
    ...RATE_PROFILE,
    what: "a rounded gap is added up",
    text: "return starts[at]! + sinceStart(stretches[at]!, messages - befores[at]!);",
    replacement: "return starts[at]! + (messages - befores[at]!) * Math.round(sinceStart(stretches[at]!, 1));",
  },
  {
    ...RATE_PROFILE,
    what: "a ramp has the rate of its middle throughout",
    text: "seconds * (startRate + ((endRate - startRate) * ns) / lengthNs / 2)",
    replacement: "(seconds * (startRate + endRate)) / 2",
  },
  {
    ...RATE_PROFILE,
    what: "what is due as a phase begins may be due in the one before",
    text: "return Math.abs(value - near) <= 1e-9 + 1e-12 * near ? near : value;",
    replacement: "return value;",
  },
  {
    ...SCHEDULE,
    what: "the mean gap of Poisson arrivals is 5 % too long",
    text: "at -= Math.log(1 - random());",
    replacement: "at -= Math.log(1 - random()) * 1.05;",
  },
  {
    file: "load/workers/emission.ts",
    tests: PUBLISHER,
    what: "phases stay where they were when the window is postponed",
    text: "schedule = schedule.postponed(zeroNs - startNs);",
    replacement: "",
  },
  {
    file: "load/workers/phase-account.ts",
    tests: ["load/workers/receiver.test.ts"],
    what: "what came after its phase is not worked off in a later one",
    text: "backlog += overtook - settled;",
    replacement: "backlog += overtook;",
  },
  {
    file: "load/workers/publish-tally.ts",
    tests: PUBLISHER,
    what: "the numbers of a phase begin where those of the window do",
    text: "if (own > 0) last = own;",
    replacement: "",
  },
  {
    ...SCHEDULE,
    what: "a message due at the edge comes before it",
    text: "if (schedule.dueAt(middle) < ns) low",
    replacement: "if (schedule.dueAt(middle) <= ns) low",
  },
  {
    file: "load/workers/publisher.ts",
    tests: PUBLISHER,
    what: "a late publisher stamps what was due with now",
    text: "outlet.put(topic, emission.take(), dueNs, Math.round(now));",
    replacement: "outlet.put(topic, emission.take(), dueNs * 0 + Math.round(now), Math.round(now));",
  },
  {
    file: "load/workers/publish-tally.ts",
    tests: PUBLISHER,
    what: "lag is not recorded as it was",
    text: `inWindow++;
        lag.record(sentNs - dueNs);`,
    replacement: `inWindow++;
        lag.record(Math.min(1e5, sentNs - dueNs));`,
  },
  {
    file: "load/workers/publish-tally.ts",
    tests: PUBLISHER,
    what: "the publisher's window opens one message late",
    text: "if (dueNs < zeroNs) beforeWindow",
    replacement: "if (dueNs <= zeroNs) beforeWindow",
  },
  {
    file: "load/workers/emission.ts",
    tests: PUBLISHER,
    what: "what is skipped was not intended",
    text: `    skip,
    written: tally.written,`,
    replacement: `    skip: advance,
    written: tally.written,`,
  },
  {
    file: "load/workers/emission.ts",
    tests: PUBLISHER,
    what: "what was due in warm-up is intended in the window",
    text: `if (next >= firstInWindow) {
      intended.window++;`,
    replacement: `if (next >= firstInWindow - 1) {
      intended.window++;`,
  },

  {
    ...LATENCY,
    what: "microseconds are called milliseconds",
    text: "histogram.quantile(q)! / 1e6",
    replacement: "histogram.quantile(q)! / 1e3",
  },
  {
    ...LATENCY,
    what: "percentiles of too few values are given",
    text: "count * (1 - q) >= VALUES_ABOVE - 1e-9",
    replacement: "count * (1 - q) >= 1",
  },
  {
    ...LATENCY,
    what: "a percentile among the lost is the largest delivered",
    text: "enoughFor(total, q) && q * total <= histogram.count",
    replacement: "enoughFor(total, q)",
  },
  {
    ...LATENCY,
    what: "percentiles of probes and population are averaged",
    text: `const value = (from === "probes" ? own : everybody)[name];`,
    replacement: `const both = [own[name], everybody[name]].filter((each) => each !== undefined);
    const value = both.length === 0 ? undefined : both.reduce((a, b) => a + b) / both.length;`,
  },
  {
    ...FIGURES,
    what: "what is lost is not in the latency that includes loss",
    text: "percentilesInclLossMs(population, Math.max(0, ledger.window.lost))",
    replacement: "percentilesInclLossMs(population, 0)",
  },
  { ...FIGURES, what: "duplicates are not shown", text: "messages_duplicated: window.duplicated,", replacement: "messages_duplicated: 0," },
  {
    file: "load/trial/server-use.ts",
    tests: FIGURES.tests,
    what: "CPU per delivery is in milliseconds",
    text: "server.cpuNs / 1000 / received",
    replacement: "server.cpuNs / 1e6 / received",
  },
  {
    ...FIGURES,
    what: "what never left the publisher was achieved",
    text: "(window.published - publisher.unsent) / publisher.window.intended",
    replacement: "window.published / publisher.window.intended",
  },
  {
    file: "load/spread.ts",
    tests: ["load/spread.test.ts", "load/trial/figures.test.ts"],
    what: "the median of an even number of samples is the upper one",
    text: "(sorted[middle - 1]! + sorted[middle]!) / 2",
    replacement: "sorted[middle]!",
  },
  {
    ...FIGURES,
    what: "errors of one kind are those of the last worker",
    text: "(totals[`errors.${kind}`] ?? 0) + count",
    replacement: "count",
  },
  {
    ...TIMELINE,
    what: "a merge drops a shard",
    text: "for (const shard of shards) whole",
    replacement: "for (const shard of shards.slice(1)) whole",
  },
  {
    ...TIMELINE,
    what: "a second's deliveries are those of the last worker",
    text: "second.delivered += report.delivered;",
    replacement: "second.delivered = report.delivered;",
  },

  {
    file: "load/client/socket.ts",
    tests: ["load/client/socket.test.ts"],
    what: "bytes are counted twice",
    text: "reads.traffic.bytesDown += length;",
    replacement: "reads.traffic.bytesDown += 2 * length;",
  },
  {
    file: "load/client/socket.ts",
    tests: ["load/client/socket.test.ts"],
    what: "bytes that somebody else read are counted again at each look",
    text: "down = socket.bytesRead;",
    replacement: "",
  },
  {
    file: "load/client/socket.ts",
    tests: ["load/client/socket.test.ts"],
    what: "the time of arrival is that of the read before",
    text: `this.#reads.receivedNs = nowNs();
    this.#reads.traffic.bytesDown += length;
    try {
      this.#events.read(this.#reads.buffer, length);`,
    replacement: `this.#reads.traffic.bytesDown += length;
    try {
      this.#events.read(this.#reads.buffer, length);
      this.#reads.receivedNs = nowNs();`,
  },

  {
    file: "load/client/socket.ts",
    tests: ["load/client/socket.test.ts"],
    what: "a protocol error is swallowed",
    text: "this.#fail({ kind: error.kind, message: `${where(this.#address)}: ${error.message}` });",
    replacement: "",
  },
  {
    file: "load/fleet/shares.ts",
    tests: ["load/fleet/shares.test.ts"],
    what: "the probes connect before the others of their part",
    text: "const middle = (first + end - 1) / 2;",
    replacement: "const middle = first - 0 * end;",
  },
  {
    file: "load/trial/release.ts",
    tests: ["load/trial/release.test.ts"],
    what: "one descriptor that was not given back is forgiven",
    text: "Math.max(0, now - before)",
    replacement: "Math.max(0, now - before - 1)",
  },

  {
    file: "load/sampling/process-tree.ts",
    tests: ["load/sampling/process-tree.test.ts"],
    what: "what the server started is not looked at",
    text: "for (const parent of found) for (const child of childrenOf.get(parent) ?? []) found.add(child);",
    replacement: "",
  },
  {
    file: "load/sampling/raw-sample.ts",
    tests: ["load/sampling/raw-sample.test.ts"],
    what: "of several processes the busiest stands for all",
    text: "cpuNs: a.cpuNs + b.cpuNs,",
    replacement: "cpuNs: Math.max(a.cpuNs, b.cpuNs),",
  },
  {
    file: "load/sampling/cpu-account.ts",
    tests: ["load/sampling/cpu-account.test.ts"],
    what: "the CPU time of a thread that ended is forgotten",
    text: "endedCpuNs += before.cpuNs;",
    replacement: "",
  },
  {
    file: "load/sampling/process.ts",
    tests: ["load/sampling/process.test.ts"],
    what: "kibibytes are taken for kilobytes",
    text: "Number(found[1]) * 1024",
    replacement: "Number(found[1]) * 1000",
  },
  {
    file: "load/sampling/host.ts",
    tests: ["load/sampling/host.test.ts"],
    what: "stolen time is ignored",
    text: "stealNs: steal * TICK_NS,",
    replacement: "stealNs: 0 * steal,",
  },
  {
    file: "load/sampling/window.ts",
    tests: ["load/sampling/window.test.ts"],
    what: "stolen time is a share of the busy time alone",
    text: "share(stealNs, busyNs + idleNs)",
    replacement: "share(stealNs, busyNs)",
  },
  {
    file: "load/sampling/window.ts",
    tests: ["load/sampling/window.test.ts"],
    what: "a counter that went back gives a figure",
    text: "to === undefined || to < from ? undefined",
    replacement: "to === undefined ? undefined",
  },
  {
    file: "load/sampling/sampler.ts",
    tests: ["load/sampling/sampler.test.ts"],
    what: "a sample that was missed was not due",
    text: "return dueBefore + Math.max(next, passed());",
    replacement: "return taken;",
  },

  {
    ...LEDGER,
    what: "one that comes back begins anew",
    text: "if (next[subscriber] !== 0) return;",
    replacement: "",
  },
  {
    ...RECEIVER,
    what: "one that comes back asks by the publisher's numbers",
    text: "cursors[slot]!++;",
    replacement: "cursors[slot] = envelope.sequence;",
  },
  {
    file: "load/client/held-request.ts",
    tests: ["load/transports.test.ts"],
    what: "one that comes back asks for what it has again",
    text: "`&from=${after + 1}`",
    replacement: "`&from=${after}`",
  },
  {
    file: "load/slope.ts",
    tests: ["load/slope.test.ts"],
    what: "a slope is through the origin",
    text: "(point.x - x) * (point.y - y)",
    replacement: "point.x * point.y",
  },
  {
    file: "load/slope.ts",
    tests: ["load/slope.test.ts"],
    what: "the median of the slopes is the least of them",
    text: "slopes[middle - 1]! + slopes[middle]!) / 2",
    replacement: "slopes[0]! + slopes[0]!) / 2",
  },
  {
    file: "load/trial/connection-steps.ts",
    tests: ["load/trial/connection-steps.test.ts"],
    what: "memory a connection is of the kernel",
    text: "const serverBytes = slope((step) => step.serverUssBytes);",
    replacement: "const serverBytes = slope((step) => step.kernelSlabBytes);",
  },
  {
    file: "load/trial/wire.ts",
    tests: ["load/trial/wire.test.ts"],
    what: "what was sent before the first message is of the deliveries",
    text: "to.bytesSent - from.bytesSent)",
    replacement: "to.bytesSent)",
  },
  {
    file: "load/trial/wire.ts",
    tests: ["load/trial/wire.test.ts"],
    what: "a message that came twice was sent once",
    text: "whole.delivered + whole.duplicated + whole.late",
    replacement: "whole.delivered + whole.late",
  },
  {
    file: "load/sampling/sockets.ts",
    tests: ["load/sampling/sockets.test.ts"],
    what: "a segment without payload is one with it",
    text: 'counter("data_segs_out")',
    replacement: 'counter("segs_out")',
  },
  {
    ...VALIDITY,
    what: "two slopes may lie further apart",
    text: "memorySlopeDisagreement: 0.15,",
    replacement: "memorySlopeDisagreement: 0.3,",
  },
  { ...VALIDITY, what: "the probes may be busier", text: "probeElu: 0.5,", replacement: "probeElu: 0.6," },
  { ...VALIDITY, what: "a worker may be busier", text: "workerEluInvalid: 0.8,", replacement: "workerEluInvalid: 0.9," },
  { ...VALIDITY, what: "the publisher may be later", text: "lagShareOfP99: 0.05,", replacement: "lagShareOfP99: 0.1," },
  { ...VALIDITY, what: "the publisher may always be later", text: "lagMs: 1,", replacement: "lagMs: 2," },
  { ...VALIDITY, what: "less of the schedule will do", text: "achieved: 0.99,", replacement: "achieved: 0.95," },
  { ...VALIDITY, what: "more may be stolen", text: "steal: 0.01,", replacement: "steal: 0.05," },
  { ...VALIDITY, what: "more samples may be missing", text: "missingSamples: 0.1,", replacement: "missingSamples: 0.2," },
  {
    ...VALIDITY,
    what: "a worker may queue more before it is said",
    text: "workerEluInflated: 0.2,",
    replacement: "workerEluInflated: 0.25,",
  },
  { ...VALIDITY, what: "the generator may wait longer for a core", text: "runqWaitShare: 0.1,", replacement: "runqWaitShare: 0.2," },
  { ...VALIDITY, what: "the probes may queue longer", text: "probeTurnMs: 3,", replacement: "probeTurnMs: 6," },
  { ...VALIDITY, what: "the probes may always queue longer", text: "probeTurnShareOfP99: 0.05,", replacement: "probeTurnShareOfP99: 0.1," },
  { ...VALIDITY, what: "neighbours may take more", text: "foreignShare: 0.2,", replacement: "foreignShare: 0.3," },
  { ...VALIDITY, what: "neighbours are noticed later", text: "foreignShareNoticed: 0.1,", replacement: "foreignShareNoticed: 0.15," },
  { ...VALIDITY, what: "the last descriptor may be in use", text: "roomUsed: 0.9,", replacement: "roomUsed: 1," },
  {
    ...VALIDITY,
    file: "load/validity.ts",
    what: "an invalid figure is valid beside a warning",
    text: `reasons.every(({ severity }) => severity !== "invalid")`,
    replacement: `(reasons.length === 0 || reasons.some(({ severity }) => severity !== "invalid"))`,
  },

  {
    file: "load/workers/turn-meter.ts",
    tests: ["load/workers/turn-meter.test.ts"],
    what: "a turn counts once, however many messages waited in it",
    text: "spans.record(now() - beganNs, messages)",
    replacement: "spans.record(now() - beganNs)",
  },
  {
    file: "load/clock.ts",
    tests: ["load/clock.test.ts"],
    what: "the largest step of the clock is called its smallest",
    text: "Math.min(smallest, Math.abs(now - last))",
    replacement: "Math.max(smallest, Math.abs(now - last))",
  },
  {
    file: "load/trial/room.ts",
    tests: ["load/trial/room.test.ts"],
    what: "ports in TIME_WAIT are free",
    text: "Math.max(connected, room.ports?.taken ?? 0)",
    replacement: "connected",
  },
  {
    ...FIGURES,
    what: "what pushbench itself uses counts as foreign",
    text: "hostCpuCores - cpuCores - ownCpuCores - sum(generator.map((each) => each.cpuCores))",
    replacement: "hostCpuCores - cpuCores - ownCpuCores",
  },

  {
    ...STEADINESS,
    what: "a slope that may be none is called one",
    text: "around(value, tQuantile(0.975, n - 2) * error * widening(left, squares))",
    replacement: "around(value, error)",
  },
  {
    ...STEADINESS,
    what: "neighbours that are alike count as if they were not",
    text: "if (squares === 0) return 1;",
    replacement: "if (squares >= 0) return 1;",
  },
  {
    ...STEADINESS,
    what: "thirds that are noise are called apart",
    text: "difference.low <= LARGEST_LOG && difference.high >= -LARGEST_LOG",
    replacement: "Math.abs(difference.value) <= LARGEST_LOG",
  },
  {
    ...STEADINESS,
    what: "thirds are not looked at",
    text: "slope.high >= 0 && difference.low <= LARGEST_LOG && difference.high >= -LARGEST_LOG",
    replacement: "slope.high >= 0",
  },
  {
    ...STEADINESS,
    what: "only what rises is not steady",
    text: "slope.low <= 0 && slope.high >= 0",
    replacement: "slope.low <= 0",
  },
  {
    ...STEADINESS,
    what: "seconds that are missing shorten the time",
    text: "const at = values.map(({ atSecond }) => atSecond);",
    replacement: "const at = values.map((_, i) => i);",
  },
  {
    ...CPU_SECONDS,
    what: "the CPU time of a second is that of the one before",
    text: "[edge(atSecond), edge(atSecond + 1)]",
    replacement: "[edge(atSecond - 1), edge(atSecond)]",
  },
  {
    ...CPU_SECONDS,
    what: "a late sample charges its second with more than a second",
    text: "(end.cpuNs - begin.cpuNs) / ((end.atNs - begin.atNs) / 1e9)",
    replacement: "end.cpuNs - begin.cpuNs",
  },
  {
    ...WARM_UP,
    what: "a warm-up is extended without end",
    text: "next.endNs > plan.latestEndNs",
    replacement: "extended > 99",
  },
  {
    ...WARM_UP,
    what: "who has not heard of a later window is not missed",
    text: "until(fixed.zeroNs).then(() => false)",
    replacement: "until(fixed.zeroNs).then(() => true)",
  },
  {
    ...TIMELINE,
    what: "seconds stay where they were when the window is postponed",
    text: "atSecond: first + i - postponed,",
    replacement: "atSecond: first + i,",
  },
  {
    ...RECEIVER,
    what: "what is due in a window that was postponed is not in it",
    text: "times = later;",
    replacement: "void later;",
  },
  {
    file: "load/workers/emission.ts",
    tests: PUBLISHER,
    what: "a window that was postponed has the messages of the old one",
    text: "firstInWindow = numberAt(later.zeroNs);",
    replacement: "",
  },
  {
    ...STATISTICS,
    what: "an interval of 90 % is called one of 95 %",
    text: "intervalRank(sorted.length, 0.95)",
    replacement: "intervalRank(sorted.length, 0.9)",
  },
  {
    ...STATISTICS,
    what: "an interval ends at a value, not between two",
    text: "inward: ((n - rank) * part) / (rank + (n - 2 * rank) * part)",
    replacement: "inward: 0",
  },
  {
    ...STATISTICS,
    what: "what lies outside on one side only is counted",
    text: "1 - (2 * outside) / 2 ** n",
    replacement: "1 - outside / 2 ** n",
  },
  {
    ...STATISTICS,
    what: "the upper end lies further in than the lower",
    text: "sorted.at(-rank - 1)!",
    replacement: "sorted.at(-rank - 2)!",
  },
  {
    ...SUMMARY,
    what: "one valid trial makes the cell valid",
    text: "complete.every(({ validity }) => validity.valid)",
    replacement: "complete.some(({ validity }) => validity.valid)",
  },
  {
    ...SUMMARY,
    what: "trials that did not complete are in the metrics",
    text: "metrics: metricsOf(complete),",
    replacement: "metrics: metricsOf(trials),",
  },
  {
    file: "reports/threshold.ts",
    tests: ["reports/threshold.test.ts"],
    what: "a threshold that holds in one trial passes",
    text: "values.every((value) => holds({ operator, limit }, value))",
    replacement: "values.some((value) => holds({ operator, limit }, value))",
  },
  {
    ...BATCHES,
    what: "a window runs from the first message of all",
    text: "open.delete(topic);",
    replacement: "",
  },
  {
    ...BATCHES,
    what: "a batch is handed on backwards",
    text: "batch.payloads.push(payload);",
    replacement: "batch.payloads.unshift(payload);",
  },
  {
    ...HUB,
    what: "a batch counts as one delivery",
    text: `      delivered += messages.length;
    }`,
    replacement: `      delivered++;
    }`,
  },
  {
    file: "load/selftest/expected.ts",
    tests: ["load/selftest/expected.test.ts"],
    what: "a batch's window begins when the one before it closed",
    text: "if (due > sentNs) sentNs = due + batchNs;",
    replacement: "if (due > sentNs) sentNs = (Number.isFinite(sentNs) ? sentNs : due) + batchNs;",
  },
  {
    file: "reports/charts/batch-frontier.ts",
    tests: ["reports/charts/batch-frontier.test.ts"],
    what: "an invalid cell is on the frontier of batches",
    text: "lines.flatMap((line) => line.points.filter(({ valid }) => valid));",
    replacement: "lines.flatMap((line) => line.points);",
  },
  {
    ...HUB,
    what: "what stood behind a refused message counts as delivered",
    text: "delivered -= countFrom(topic.history, payload);",
    replacement: "delivered--;",
  },
  {
    file: "reports/recovery.ts",
    tests: ["reports/recovery.test.ts"],
    what: "a latency that is still half as much again counts as recovered",
    text: "p99 <= limit * (1 + TOLERANCE)",
    replacement: "p99 <= limit * 1.5",
  },
  {
    file: "load/trial/phase-figures.ts",
    tests: ["load/trial/phase-figures.test.ts"],
    what: "what a phase lost is forgiven",
    text: "messages_lost: expected - delivered,",
    replacement: "messages_lost: Math.max(0, expected - delivered - 1),",
  },
  {
    ...CAPACITY_SEARCH,
    what: "one trial decides a level",
    text: "const MAJORITY = 2;",
    replacement: "const MAJORITY = 1;",
  },
  {
    ...CAPACITY_SEARCH,
    what: "what limited the generator is called the server's limit",
    text: `if (verdict === "broke") levelsBroke.push({ level, agreed });`,
    replacement: `if (verdict !== "holds") levelsBroke.push({ level, agreed });`,
  },
  {
    ...CAPACITY_SEARCH,
    what: "a level on which trials did not agree ends the bracket",
    text: "least(levels.filter(({ agreed }) => agreed).map(({ level }) => level)) ??",
    replacement: "",
  },
  {
    ...CAPACITY_JUDGE,
    what: "a saturated generator is the server's failure",
    text: "!NOISE.has(code) && !OF_THE_SERVER.has(code)",
    replacement: "false",
  },
  {
    ...CAPACITY_JUDGE,
    what: "what broke on a disturbed machine is the server's failure",
    text: `return noise.length > 0 ? { verdict: "noise", reasons: messages(noise) } : { verdict: "broke", reasons: broken };`,
    replacement: `return { verdict: "broke", reasons: broken };`,
  },
  {
    ...CAPACITY_GROWTH,
    what: "a backlog is one that shrinks",
    text: "const riseMs = slope.low *",
    replacement: "const riseMs = -slope.low *",
  },
  {
    ...CLIMB,
    what: "a server is said to have held what it lost messages at",
    text: "Math.max(...broken.values, ...lost.values) === 0",
    replacement: "Math.max(...broken.values) === 0",
  },
  {
    ...CLIMB,
    what: "a level above a loss counts as held",
    text: "const loss = cells.findIndex((cell) => !isWhole(cell));",
    replacement: "const loss = cells.findLastIndex((cell) => !isWhole(cell));",
  },
  {
    ...CLIMB_LATENCY,
    what: "growth in proportion is called a knee",
    text: "OUT_OF_PROPORTION * (next.connections / point.connections)",
    replacement: "OUT_OF_PROPORTION",
  },
  {
    file: "reports/ratio.ts",
    tests: ["reports/ratio.test.ts"],
    what: "Holm's adjusted odds may fall",
    text: "least = Math.max(least, Math.min(1, (pValues.length - rank) * pValues[at]!));",
    replacement: "least = Math.min(1, (pValues.length - rank) * pValues[at]!);",
  },
  {
    file: "reports/ratio.ts",
    tests: ["reports/ratio.test.ts"],
    what: "odds of more events are those of more than so many",
    text: "for (let k = head, log = logChoose(n, head); k <= n; k++) {",
    replacement: "for (let k = head, log = logChoose(n, head); k < n; k++) {",
  },
  {
    file: "reports/ratio.ts",
    tests: ["reports/ratio.test.ts"],
    what: "the upper bound is the lower one",
    text: "return 2 * ratio.value - lowerBound(ratio, confidence);",
    replacement: "return lowerBound(ratio, confidence);",
  },
  {
    file: "reports/ratio.ts",
    tests: ["reports/ratio.test.ts"],
    what: "a standard error is that of a single repeat",
    text: "sigma < 1e-12 ? 0 : sigma / Math.sqrt(repeats);",
    replacement: "sigma < 1e-12 ? 0 : sigma;",
  },
  {
    file: "load/student-t.ts",
    tests: ["load/student-t.test.ts"],
    what: "both tails are counted as one",
    text: "degreesOfFreedom / 2, 0.5) / 2;",
    replacement: "degreesOfFreedom / 2, 0.5);",
  },
  {
    file: "reports/gate.ts",
    tests: ["reports/gate.test.ts"],
    what: "what is only watched stops a build",
    text: '({ ...checkOf(each, "impossible"), advisory: true })',
    replacement: '({ ...checkOf(each, "impossible") })',
  },
  {
    file: "reports/gate-check.ts",
    tests: ["reports/gate.test.ts"],
    what: "a failure that is not confirmed fails",
    text: '? { verdict: "inconclusive", notes: ["not confirmed yet',
    replacement: '? { verdict: "fail", notes: ["not confirmed yet',
  },
  {
    file: "reports/gate-ratio.ts",
    tests: ["reports/gate.test.ts"],
    what: "an improvement passes as surely small by its lower bound",
    text: ": change.high < limit;",
    replacement: ": change.low < limit;",
  },
  {
    file: "reports/gate-noise.ts",
    tests: ["reports/gate-noise.test.ts"],
    what: "a limit below the noise floor is not told",
    text: "detectable > limit)\n",
    replacement: "detectable > 2 * limit)\n",
  },
  {
    file: "load/gate/turns.ts",
    tests: ["load/gate/turns.test.ts"],
    what: "one version always has the first turn",
    text: "at % 4 === 0 || at % 4 === 3",
    replacement: "at % 2 === 0",
  },
  {
    file: "load/gate/turns.ts",
    tests: ["load/gate/turns.test.ts"],
    what: "in a duet each has the whole rate",
    text: "together(scenario.rate / 2)",
    replacement: "together(scenario.rate)",
  },
];
