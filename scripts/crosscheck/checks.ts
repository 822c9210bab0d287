/** What is held against what: each check loads one server and gives its rows. */
import { setTimeout as delay } from "node:timers/promises";
import { nowNs } from "../../load/clock.ts";
import { ENVELOPE_BYTES, writeEnvelope } from "../../load/envelope.ts";
import type { Measurement } from "../../load/measurement.ts";
import { createReads, loadTransport } from "../../load/transport.ts";
import { publishLine } from "../../servers/contract.ts";
import { atEdges, eachSecond } from "./bench.ts";
import type { Bench, Seen } from "./bench.ts";
import { readAutocannon, readEvents, readH2load, readLsof, readSs, readWrk } from "../tool-output.ts";
import { compare, EXACT, median, missing } from "./row.ts";
import type { Bound, Compared, Row } from "./row.ts";
import { AUTOCANNON, AWK, CURL, H2LOAD, isHere, LSOF, PS, run, SS, WRK } from "../tool.ts";
import type { Tool } from "../tool.ts";

export type Check = (bench: Bench) => Promise<readonly Row[]>;

/** Interleaved, so that a slow moment of the machine meets all of them; odd, where the middle one is taken. */
const ROUNDS = 3;

const CONNECTIONS = 16;
const SECONDS = 2;
/** Subscribers that ask again as soon as they are answered; next to no messages, as the other tools get none at all. */
const CLOSED_LOOP = { subscribers: CONNECTIONS, pollInterval: "0ms", rate: "1/s", duration: `${SECONDS}s` };

/**
 * Clients differ in what a request costs them, on cores that the server may share: being quicker is no fault. One that is slower than
 * the best of them by more than a fifth would show its own limit and not the server's.
 */
const NOT_SLOWER: Bound = { atLeast: 0.8 };

/** Requests a second in a closed loop beside three clients that do nothing else; the best round of each, for neighbours only slow them. */
export const requestRate: Check = async (bench) => {
  const { host, port, server, signal } = bench;
  const url = `http://${host}:${port}/poll?topic=crosscheck&after=0`;
  const counts = [`-c${CONNECTIONS}`];
  const clients: readonly { tool: Tool; ask: () => Promise<number> }[] = [
    {
      tool: { name: "autocannon", install: "npm ci" },
      ask: async () => readAutocannon(await run(process.execPath, [AUTOCANNON, "--json", ...counts, `-d${SECONDS}`, url], signal)),
    },
    { tool: WRK, ask: async () => readWrk(await run("wrk", ["-t1", ...counts, `-d${SECONDS}s`, url], signal)) },
    { tool: H2LOAD, ask: async () => readH2load(await run("h2load", ["--h1", "-t1", ...counts, `-D${SECONDS}`, url], signal)) },
  ];
  const present = clients.filter(({ tool }) => tool.name === "autocannon" || isHere(tool));
  const ours: number[] = [];
  const theirs = present.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(metric(await bench.trial(CLOSED_LOOP), "request_rate"));
    for (const [i, { ask }] of present.entries()) theirs[i]!.push(await ask());
  }
  return clients.map(({ tool }) => {
    const compared = { figure: `${server}: requests`, unit: "1/s", tool: tool.name };
    const rates = theirs[present.findIndex((client) => client.tool === tool)];
    return rates === undefined ? missing(compared, tool.install) : compare(compared, Math.max(...ours), Math.max(...rates), NOT_SLOWER);
  });
};

/**
 * The same load, counted by the kernel at the server's end, and the CPU time it took. A poll is one segment with data, for it is short
 * and follows an answer. Neither look falls on the very edge of the window, so rates are compared.
 */
export const requestsAndCpu: Check = async (bench) => {
  const requests = { figure: `${bench.server}: requests`, unit: "1/s", tool: "ss, data_segs_in" };
  const cpu = { figure: `${bench.server}: CPU`, unit: "cores", tool: "awk, utime + stime" };
  const seconds = 5;
  const [measurement, [sockets, ticks]] = await bench.watched({ ...CLOSED_LOOP, duration: `${seconds}s` }, (times) =>
    Promise.all([
      isHere(SS) ? atEdges(times, () => socketTotals(bench)) : undefined,
      isHere(AWK) ? atEdges(times, () => cpuTicks(bench)) : undefined,
    ]),
  );
  return [
    sockets === undefined
      ? missing(requests, SS.install)
      : compare(
          requests,
          metric(measurement, "request_rate"),
          perSecond(sockets, ({ segmentsIn }) => segmentsIn),
          {
            within: { share: 0.01 },
          },
        ),
    ticks === undefined
      ? missing(cpu, AWK.install)
      : // Two times, each rounded down to 10 ms at both edges.
        compare(
          cpu,
          metric(measurement, "server_cpu_cores"),
          perSecond(ticks, (value) => value / 100),
          {
            within: { share: 0.01, absolute: 0.02 / seconds },
          },
        ),
  ];
};

/**
 * Bytes between the edges of the window, at the kernel's end of the same sockets. Each edge lies 125 ms from the nearest message, so
 * that whoever looks a little early or late still sees the same bytes; framing and headers are in both, those of TCP and IP in neither.
 */
export const bytesDown: Check = async (bench) => {
  const compared = { figure: `${bench.server}: bytes down`, unit: "B", tool: "ss, bytes_sent" };
  if (!isHere(SS)) return [missing(compared, SS.install)];
  const workload = { subscribers: 32, rate: "4/s", payload: "1KiB", warmup: "625ms", duration: "4s" };
  const [measurement, [from, to]] = await bench.watched(workload, (times) => atEdges(times, () => socketTotals(bench)));
  const ours = metric(measurement, "bytes_down_per_delivery") * metric(measurement, "messages_delivered");
  // A quotient times its divisor, which is whole but for the last bit.
  return [compare(compared, Math.round(ours), to.value.bytesSent - from.value.bytesSent, EXACT)];
};

/** Memory moves between two looks, and what the kernel tells `ps` lags behind by some pages for each core. */
const MEMORY: Bound = { within: { share: 0.03 } };

/** Descriptors and memory while 32 subscribers are held. */
export const descriptorsAndMemory: Check = async ({ server, pid, signal, watched }) => {
  const listed = async (): Promise<number> => (await run("ls", [`/proc/${pid}/fd`], signal)).trim().split("\n").length;
  const opened = async (): Promise<number> => readLsof(await run("lsof", ["-nP", "-p", String(pid)], signal, [1]));
  const resident = async (): Promise<number> => 1024 * Number(await run("ps", ["-o", "rss=", "-p", String(pid)], signal));
  const looks: readonly { tool: Tool; compared: Compared; ours: string; bound: Bound; look: () => Promise<number> }[] = [
    {
      tool: { name: "ls", install: "apt install coreutils" },
      compared: { figure: `${server}: descriptors`, unit: "", tool: "ls /proc/PID/fd" },
      ours: "server_fds",
      bound: EXACT,
      look: listed,
    },
    {
      tool: LSOF,
      compared: { figure: `${server}: descriptors`, unit: "", tool: "lsof -p" },
      ours: "server_fds",
      bound: EXACT,
      look: opened,
    },
    {
      tool: PS,
      compared: { figure: `${server}: RSS`, unit: "B", tool: "ps -o rss" },
      ours: "server_rss_bytes",
      bound: MEMORY,
      look: resident,
    },
  ];
  const here = looks.map(({ tool }) => isHere(tool));
  const [measurement, seen] = await watched({ subscribers: 32, rate: "50/s", duration: "5s" }, (times) =>
    Promise.all(looks.map(({ look }, i) => (here[i]! ? eachSecond(times, look) : Promise.resolve([])))),
  );
  return looks.map(({ tool, compared, ours, bound }, i) =>
    here[i]! ? compare(compared, metric(measurement, ours), median(seen[i]!), bound) : missing(compared, tool.install),
  );
};

/** The bounds of METHOD R1, which the selftest holds to injected latencies. */
const LATENCIES = { p50: { share: 0.02, absolute: 1 }, p99: { share: 0.03, absolute: 3 } } as const;

/** The latency that the lean client sees, and the one that users' own library sees, in turn. */
export const clientLatency: Check = async ({ server, trial }) => {
  const workload = { subscribers: 16, rate: "250/s", arrivals: "poisson", duration: "3s" };
  const runs = { lean: [] as Measurement[], reference: [] as Measurement[] };
  for (let round = 0; round < ROUNDS; round++) {
    runs.lean.push(await trial({ ...workload, client: "lean" }));
    runs.reference.push(await trial({ ...workload, client: "reference" }));
  }
  return (["p50", "p99"] as const).map((percentile) => {
    const of = (measurements: readonly Measurement[]): number =>
      median(measurements.map((measurement) => metric(measurement, `population_latency_ms.${percentile}`)));
    const compared = { figure: `${server}: latency ${percentile}`, unit: "ms", tool: "ws, as the client" };
    return compare(
      compared,
      of(runs.lean),
      of(runs.reference),
      { within: LATENCIES[percentile] },
      doubtOf([...runs.lean, ...runs.reference]),
    );
  });
};

const EVENTS = 2000;
const CURL_SECONDS = 4;

/** Events of one topic at the lean client, and at curl beside it: their number, and those that stand in the same place. */
export const events: Check = async (bench) => {
  const count = { figure: `${bench.server}: events`, unit: "", tool: "curl -N" };
  const order = { figure: `${bench.server}: events in their place`, unit: "", tool: "curl -N" };
  if (!isHere(CURL)) return [missing(count, CURL.install), missing(order, CURL.install)];
  const topic = "crosscheck";
  const url = `http://${bench.host}:${bench.port}/events?topic=${topic}`;
  // curl ends at its limit with 28, as the stream has no end of its own.
  const curl = run("curl", ["-sN", "--max-time", String(CURL_SECONDS), url], bench.signal, [28]);
  const heard: string[] = [];
  const lean = await listen(bench, topic, (message) => heard.push(message));
  await subscribed(bench, 2);
  const published = Array.from({ length: EVENTS }, (_, i) => envelope(i + 1));
  for (let at = 0; at < EVENTS; at += 100) {
    const body = published.slice(at, at + 100).map((message) => publishLine(topic, message));
    await fetch(`${bench.controlUrl}/publish`, { method: "POST", body: body.join("") });
  }
  const printed = readEvents(await curl);
  lean.close();
  const inPlace = (messages: readonly string[]): number => messages.filter((message, i) => message === published[i]).length;
  return [compare(count, heard.length, printed.length, EXACT), compare(order, inPlace(heard), inPlace(printed), EXACT)];
};

function envelope(sequence: number): string {
  const bytes = Buffer.alloc(ENVELOPE_BYTES);
  const atNs = Math.round(nowNs());
  writeEnvelope(bytes, 0, ENVELOPE_BYTES, 0, sequence, atNs, atNs);
  return bytes.toString();
}

/** Resolves once the lean client's subscriber is open. */
async function listen({ transport, host, port }: Bench, topic: string, heard: (message: string) => void): Promise<{ close(): void }> {
  const lean = await loadTransport(transport, "lean");
  return new Promise((resolve, reject) => {
    const connection = lean.subscribe(
      { address: { host, port }, topic, pollIntervalMs: 0, pollConnection: "keep-alive", pollPhase: 0, streams: 1, compression: false },
      {
        opened: () => resolve(connection),
        payload: (bytes, start, end) => heard(Buffer.from(bytes.subarray(start, end)).toString()),
        failed: ({ message }) => reject(new Error(message)),
      },
      createReads(),
    );
  });
}

/** Resolves once the server holds so many subscribers: whoever comes later would miss the first events. */
async function subscribed({ controlUrl, server }: Bench, expected: number): Promise<void> {
  const deadlineNs = nowNs() + (CURL_SECONDS / 2) * 1e9;
  while (nowNs() < deadlineNs) {
    const { subscriptions } = (await (await fetch(`${controlUrl}/stats`)).json()) as { subscriptions: number };
    if (subscriptions === expected) return;
    await delay(10);
  }
  throw new Error(`${server}: fewer than ${expected} subscribers within ${CURL_SECONDS / 2} s`);
}

/** Those that are open: one that an earlier check closed may linger, and take its counters away between two looks. */
async function socketTotals({ port, signal }: Bench): Promise<ReturnType<typeof readSs>> {
  return readSs(await run("ss", ["-tinHO", "state", "established", `sport = :${port}`], signal));
}

/** User and system time of the whole process, in hundredths of a second: fields 14 and 15, the name being one word. */
async function cpuTicks({ pid, signal }: Bench): Promise<number> {
  return Number(await run("awk", ["{ print $14 + $15 }", `/proc/${pid}/stat`], signal));
}

function perSecond<T>([from, to]: readonly [Seen<T>, Seen<T>], of: (value: T) => number): number {
  return (of(to.value) - of(from.value)) / ((to.atNs - from.atNs) / 1e9);
}

/** Why one of these is not to be believed. */
function doubtOf(measurements: readonly Measurement[]): string | undefined {
  return measurements.flatMap(({ validity }) => validity.reasons).find(({ severity }) => severity === "invalid")?.message;
}

/** What was not measured agrees with nothing. */
function metric({ metrics }: Measurement, name: string): number {
  return metrics[name] ?? Number.NaN;
}
