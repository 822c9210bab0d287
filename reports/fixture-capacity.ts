/** A synthetic capacity search for the tests of the reports: three servers with every kind of answer, its trials drawn from a seed. */
import type { CapacityPoint, CapacityRecord, CapacityVerdict, ServerCapacity } from "../load/capacity-record.ts";
import { SCHEMA_VERSION } from "../load/measurement.ts";
import type { Measurement } from "../load/measurement.ts";
import { fixtureRun, fixtureScenario } from "./fixture.ts";
import { fixtureMeasurement } from "./fixture-trial.ts";
import type { RunData } from "./run-data.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";

const BASE = fixtureScenario({ name: "broadcast", durationMs: 6_000, settleMs: 100, warmupMs: 1_000 });
const SLO = [
  { metric: "delivery_latency_ms.p99", operator: "<", limit: 100 },
  { metric: "messages_lost", operator: "==", limit: 0 },
] as const;
/** Level, verdict and p99 of a trial each. */
type Tried = readonly (readonly [level: number, verdict: CapacityVerdict, p99?: number])[];

const TRIED: readonly (readonly [server: string, transport: string, tried: Tried, found: Pick<ServerCapacity, "answer" | "reasons">])[] = [
  [
    "websocket-ws",
    "websocket",
    [
      [100, "holds", 6],
      [100, "holds", 7],
      [200, "holds", 11],
      [200, "holds", 12],
      [400, "broke", 134],
      [400, "broke", 151],
    ],
    {
      answer: { held: 200, broke: 400, confirmed: true, end: "narrowed" },
      reasons: ["delivery_latency_ms.p99 was 134 ms where < 100 was asked"],
    },
  ],
  [
    "sse-node",
    "sse",
    [
      [100, "holds", 5],
      [100, "noise", 9],
      [100, "holds", 6],
      [200, "generator", 30],
      [200, "generator", 31],
    ],
    {
      answer: { held: 100, confirmed: true, end: "generator" },
      reasons: ["a worker's event loop (pid 7) was 91 % busy, more than 80 %"],
    },
  ],
  [
    "polling-node",
    "polling",
    [[100, "broke"]],
    { answer: { broke: 100, confirmed: false, end: "interrupted" }, reasons: ["the server ended"] },
  ],
];

/** As `readRun` gives it, with its summary; `keep` leaves some of its servers out. */
export function fixtureCapacity(keep: (server: string) => boolean = () => true): {
  readonly run: RunData & { readonly capacity: CapacityRecord };
  readonly summary: Summary;
} {
  const measurements: Measurement[] = [];
  const servers = TRIED.filter(([server]) => keep(server)).map(([server, transport, tried, found]): ServerCapacity => {
    const points = tried.map(([level, verdict, p99], at): CapacityPoint => {
      const trial = measurements.length + 1;
      const scenario = { ...BASE, name: `broadcast,connections=${level}`, subscribers: level, parameters: { connections: level } };
      const repetition = tried.slice(0, at + 1).filter(([other]) => other === level).length;
      measurements.push(fixtureMeasurement({ name: server, transport, latencyMs: 3 }, scenario, trial, repetition, trial));
      const latency = p99 === undefined ? {} : { p50: p99 / 4, p99 };
      return { trial, level, confirm: false, verdict, reasons: verdict === "holds" ? [] : found.reasons, tookMs: 8_000, ...latency };
    });
    const range = { from: 100, min: 1, max: 10_000, maxReason: "no more was asked for" };
    return { server, transport, slo: SLO, range, points, ...found };
  });
  const capacity: CapacityRecord = {
    schemaVersion: SCHEMA_VERSION,
    question: {
      ...{ vary: "connections", slo: SLO, scenario: BASE, servers: TRIED.map(([server]) => server) },
      ...{ confirmMs: 24_000, maxMs: 600_000, maxSteps: 40 },
    },
    servers,
  };
  const { directory, record } = fixtureRun({ scenarios: [BASE], servers: [] });
  const run = { directory, record: { ...record, plannedTrials: measurements.length }, measurements, capacity };
  return { run, summary: summarize(run.record, measurements) };
}
