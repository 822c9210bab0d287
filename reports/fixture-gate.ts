/** Synthetic gates for tests: seeded rounds of two versions, with the changes, losses and failures that are planted in them. */
import { GATE_SCHEMA_VERSION } from "../load/gate-record.ts";
import type { GateArm, GateCell, GateQuestion, GateRound, SavedGate, VersionName } from "../load/gate-record.ts";
import type { LedgerCounts, ValidityReason } from "../load/measurement.ts";
import { seededRandom } from "../load/random.ts";
import { fixtureRun, fixtureScenario } from "./fixture.ts";

export interface GateFixture {
  readonly servers?: readonly string[];
  readonly scenarios?: readonly string[];
  readonly seed?: number;
  /** Standard deviation of a round's ln(head / base). */
  readonly sigma?: number;
  /** What head has of a metric for each of base's: 1.1 is 10 % more. */
  readonly change?: Readonly<Record<string, number>>;
  readonly question?: Partial<GateQuestion>;
  /** Rounds of the first pass that were made; absent: all that were planned. */
  readonly made?: number;
  /** Adds the rounds that confirm, in every cell: with the same change, or with this one. */
  readonly confirmation?: boolean | Readonly<Record<string, number>>;
  /** Changes a round after it was made. */
  readonly alter?: (round: GateRound) => GateRound;
  /** Changes the record. */
  readonly record?: Partial<SavedGate["record"]>;
}

/** Metrics that stand in slices, and what base has of them. */
const IN_SLICES: Readonly<Record<string, number>> = {
  server_cpu_us_per_delivery: 6.1,
  bytes_down_per_delivery: 158,
  "delivery_latency_ms.p50": 1.2,
  "delivery_latency_ms.p90": 2.9,
  "delivery_latency_ms.p99": 4.8,
};

/** Of the whole round. */
const OF_ROUND: Readonly<Record<string, number>> = { server_memory_per_connection_bytes: 9_300, server_fds_per_connection: 1 };

/** Known to the byte: no noise. */
const EXACT: ReadonlySet<string> = new Set(["bytes_down_per_delivery", "server_fds_per_connection"]);

/** Those that vary from round to round. */
export const NOISY_METRICS: readonly string[] = [...Object.keys(IN_SLICES), ...Object.keys(OF_ROUND)].filter(
  (metric) => !EXACT.has(metric),
);

export const GATE_METRICS: readonly string[] = [
  "server_cpu_us_per_delivery",
  "bytes_down_per_delivery",
  "delivery_latency_ms.p50",
  "delivery_latency_ms.p99",
  ...Object.keys(OF_ROUND),
  "requests_per_delivery",
];

export const GATE_QUESTION: GateQuestion = {
  rounds: 12,
  delta: 0.03,
  limit: 0.1,
  latencyDelta: 0.25,
  latencyLimit: 0.5,
  metrics: GATE_METRICS,
};

const SLICES = 6;
const DELIVERIES = 60_000;

/** A gate as it is read back. */
export function fixtureGate(options: GateFixture = {}): SavedGate {
  const { servers = ["sse-node"], scenarios = ["broadcast"], seed = 1, confirmation = false, change = {} } = options;
  const random = seededRandom(seed * 7_919);
  const question = { ...GATE_QUESTION, ...options.question };
  const cells = scenarios.flatMap((name) =>
    servers.map((server): GateCell => ({ server, transport: "sse", scenario: fixtureScenario({ name }) })),
  );
  const rounds: GateRound[] = [];
  const add = (pass: GateRound["pass"], count: number, planted: Readonly<Record<string, number>>): void => {
    for (let round = 1; round <= count; round++) {
      for (const cell of cells) {
        const made = fixtureRound(cell, { pass, index: rounds.length + 1, round }, { ...options, change: planted }, random);
        rounds.push((options.alter ?? ((same: GateRound) => same))(made));
      }
    }
  };
  add("first", options.made ?? question.rounds, change);
  if (confirmation !== false) add("confirmation", question.rounds, confirmation === true ? change : confirmation);
  return {
    directory: "results/2026-01-02T03-04-05Z-gate",
    record: {
      schemaVersion: GATE_SCHEMA_VERSION,
      status: "complete",
      command: "pushbench gate quick --base main",
      startedAt: "2026-01-02T03:04:05.000Z",
      endedAt: "2026-01-02T03:16:05.000Z",
      seed,
      versions: {
        base: { asked: "main", kind: "ref", commit: "01cc79e2ab5f7d3c1e0a9b8d7c6f5e4d3c2b1a09" },
        head: { asked: ".", kind: "folder", commit: "9f3b2a1c0d4e5f60718293a4b5c6d7e8f9012345+dirty" },
      },
      suite: { name: "quick", file: "load/suites/quick.yaml" },
      question,
      cells,
      unavailable: [],
      mode: "interleaved",
      modeReason: "it was asked for",
      environment: fixtureRun({ servers: [] }).record.environment,
      ...options.record,
    },
    rounds,
  };
}

/** Changes one version's part of a round. */
export function withArm(version: VersionName, change: (arm: GateArm) => Partial<GateArm>): (round: GateRound) => GateRound {
  return (round) => ({ ...round, arms: { ...round.arms, [version]: { ...round.arms[version], ...change(round.arms[version]) } } });
}

/** So many of what a ledger counts, in every round. */
export function withLedger(version: VersionName, counts: Partial<LedgerCounts>): (round: GateRound) => GateRound {
  return withArm(version, ({ ledger }) => ({ ledger: { ...ledger, ...counts } }));
}

/** One version that failed in a round. */
export function failedArm(version: VersionName, message = "server exited with signal SIGSEGV"): (round: GateRound) => GateRound {
  return withArm(version, () => ({ status: "failed", failure: { kind: "server-exit", message }, metrics: {}, slices: [] }));
}

/** Doubt in one version of a round. */
export function doubtful(code: string, version: VersionName = "head"): (round: GateRound) => GateRound {
  const reason: ValidityReason = { code, severity: "invalid", message: `${code} was seen`, advice: "look at it" };
  return withArm(version, ({ reasons }) => ({ reasons: [...reasons, reason] }));
}

/** Changes the rounds that `which` picks. */
export function where(which: (round: GateRound) => boolean, change: (round: GateRound) => GateRound): (round: GateRound) => GateRound {
  return (round) => (which(round) ? change(round) : round);
}

function fixtureRound(
  { server, scenario }: GateCell,
  place: Pick<GateRound, "pass" | "index" | "round">,
  { sigma = 0.03, change = {} }: GateFixture,
  random: () => number,
): GateRound {
  // What both versions share: the machine is never the same twice.
  const drift = Math.exp(0.1 * normal(random));
  const headOf = new Map(
    [...Object.keys(IN_SLICES), ...Object.keys(OF_ROUND)].map((metric) => [metric, (change[metric] ?? 1) * noise(metric, sigma)]),
  );
  function noise(metric: string, sd: number): number {
    return EXACT.has(metric) ? 1 : Math.exp(sd * normal(random));
  }
  const arm = (factorOf: (metric: string) => number): GateArm => ({
    status: "complete",
    metrics: {
      ...mapped(OF_ROUND, (metric, value) => value * factorOf(metric)),
      server_fds_leaked: 0,
      connections_lost: 0,
    },
    slices: Array.from({ length: SLICES }, () =>
      mapped(IN_SLICES, (metric, value) => value * factorOf(metric) * (EXACT.has(metric) ? 1 : drift) * noise(metric, sigma / 10)),
    ),
    ledger: {
      published: DELIVERIES / 100,
      expected: DELIVERIES,
      delivered: DELIVERIES,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      late: 0,
      corrupt: 0,
    },
    reasons: [],
  });
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    ...place,
    server,
    scenario: scenario.name,
    seed: place.index,
    mode: "interleaved",
    first: random() < 0.5 ? "base" : "head",
    startedAt: "2026-01-02T03:04:05.000Z",
    durationMs: 9_400,
    arms: { base: arm(() => 1), head: arm((metric) => headOf.get(metric) ?? 1) },
  };
}

function mapped(values: Readonly<Record<string, number>>, change: (name: string, value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(name, value)]));
}

/** Box & Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A name with all that an output could trip over: a terminal's escapes, XML, Markdown, a formula, a workflow command, half a character. */
export const HOSTILE_GATE_NAME = `=1+1|<img src=x onerror=alert(1)>&"'\u001b[31m\u0000\r\n::error::owned%0A::@everyone [x](https://e.example) #1 \`c\` ]]>\u202e\ud800`;

/** The same question to a gate in which much is wrong, and whose names are meant to break what prints them. */
export function hostileGate(): SavedGate {
  return fixtureGate({
    servers: [HOSTILE_GATE_NAME, "sse-node"],
    scenarios: [`${HOSTILE_GATE_NAME} 2`],
    change: { server_cpu_us_per_delivery: 1.2 },
    confirmation: true,
    alter: where(({ server, round }) => server === HOSTILE_GATE_NAME && round <= 6, doubtful(HOSTILE_GATE_NAME)),
    record: {
      suite: { name: HOSTILE_GATE_NAME, file: HOSTILE_GATE_NAME },
      versions: { base: { asked: HOSTILE_GATE_NAME, kind: "command" }, head: { asked: HOSTILE_GATE_NAME, kind: "command" } },
      unavailable: [{ server: HOSTILE_GATE_NAME, reason: HOSTILE_GATE_NAME }],
      status: "partial",
      stopped: HOSTILE_GATE_NAME,
    },
  });
}
