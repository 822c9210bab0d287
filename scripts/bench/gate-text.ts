/** What `bench:gate` found: a table of what was replayed, one of the gates that were run, one of the rounds' noise; in Markdown. */
import type { GateRound } from "../../load/gate-record.ts";
import { FAULTS } from "../../load/gate-study.ts";
import type { Neighbourhood } from "../../load/gate-study.ts";
import { effectOnMetric, noiseOfMetric } from "../../reports/gate-noise.ts";
import type { Replayed } from "../../reports/gate-replay.ts";
import { changeText } from "../../reports/gate-text.ts";
import { mean } from "../../reports/statistics.ts";
import { markdownTable } from "../markdown-table.ts";
import type { LiveResult } from "./gate-study-files.ts";

/** One neighbourhood: rounds that were recorded, and what gates drawn from them came to; absent where rounds of a kind are missing. */
export interface Condition {
  readonly neighbourhood: Neighbourhood;
  readonly recorded: { readonly same: number; readonly ten: number; readonly five: number };
  readonly replayed?: { readonly same: Replayed; readonly ten: Replayed; readonly five?: Replayed };
  /** What a gate of all servers takes, confirmation apart. */
  readonly gateMinutes?: number;
  readonly pools?: ReadonlyMap<string, readonly GateRound[]>;
  /** Rounds whose head is worse, by how much it was to be: `10 %`. */
  readonly worse?: ReadonlyMap<string, ReadonlyMap<string, readonly GateRound[]>>;
}

const CPU = "server_cpu_us_per_delivery";
const MEMORY = "server_memory_per_connection_bytes";
const NOISE = [CPU, MEMORY, "delivery_latency_ms.p50"] as const;

export function formatGateStudy(conditions: readonly Condition[], gates: readonly LiveResult[]): string {
  return [
    "Replayed:",
    replayedTable(conditions),
    "Noise of a round, standard deviation of ln(head / base) of a version against itself:",
    noiseTable(conditions),
    "What head had more than base in the recorded rounds, where it was to have so much more CPU a delivery and memory a connection:",
    effectTable(conditions),
    "Live:",
    liveTable(gates),
  ].join("\n\n");
}

function replayedTable(conditions: readonly Condition[]): string {
  const head = [
    "machine",
    "head is",
    "rounds recorded",
    "gates",
    "fail",
    "inconclusive",
    "pass",
    "CPU caught",
    "memory caught",
    "min a gate",
  ];
  const rows = conditions.flatMap((condition) =>
    kindsOf(condition).map(({ what, rounds, replayed: { gates, verdicts, failed }, isWorse }) => [
      condition.neighbourhood,
      what,
      String(rounds),
      gates.toLocaleString("en"),
      percent(verdicts.fail, gates),
      percent(verdicts.inconclusive + verdicts.invalid, gates),
      percent(verdicts.pass, gates),
      isWorse ? percent(failed[CPU] ?? 0, gates) : "",
      isWorse ? percent(failed[MEMORY] ?? 0, gates) : "",
      condition.gateMinutes?.toFixed(1) ?? "",
    ]),
  );
  return markdownTable(head, rows);
}

/** What was replayed of a neighbourhood; nothing where rounds of a kind are missing. */
function kindsOf({ recorded, replayed }: Condition) {
  if (replayed === undefined) return [];
  const { same, ten, five } = replayed;
  return [
    { what: "base itself", rounds: recorded.same, replayed: same, isWorse: false },
    { what: "one server worse by 10 %", rounds: recorded.ten, replayed: ten, isWorse: true },
    ...(five === undefined ? [] : [{ what: "one server worse by 5 %", rounds: recorded.five, replayed: five, isWorse: true }]),
  ];
}

function noiseTable(conditions: readonly Condition[]): string {
  const rows = conditions.flatMap(({ neighbourhood, pools = new Map<string, readonly GateRound[]>() }) =>
    [...pools].map(([server, rounds]) => [neighbourhood, server, ...NOISE.map((metric) => sigma(rounds, metric))]),
  );
  return markdownTable(["machine", "server", "CPU a delivery", "memory a connection", "p50"], rows);
}

/** What was planted, read back: were it not what it says, nothing above would mean anything. */
function effectTable(conditions: readonly Condition[]): string {
  const rows = conditions.flatMap(({ neighbourhood, worse = new Map<string, NonNullable<Condition["pools"]>>() }) =>
    [...worse].flatMap(([planted, pools]) =>
      [...pools]
        .filter(([, rounds]) => rounds.length > 0)
        .map(([server, rounds]) => [neighbourhood, planted, server, ...[CPU, MEMORY].map((metric) => effect(rounds, metric))]),
    ),
  );
  return markdownTable(["machine", "planted", "server", "CPU a delivery", "memory a connection"], rows);
}

function effect(rounds: readonly GateRound[], metric: string): string {
  const share = effectOnMetric(rounds, metric);
  return share === undefined ? "–" : changeText(share);
}

function sigma(rounds: readonly GateRound[], metric: string): string {
  const noise = noiseOfMetric(rounds, metric);
  return noise === undefined ? "–" : `${(100 * noise.paired).toFixed(1)} %`;
}

function liveTable(gates: readonly LiveResult[]): string {
  const head = ["head", "gates", "fail", "inconclusive", "pass", "CPU caught", "memory caught", "min a server", "with its confirmation"];
  const kinds = ["nothing", "10 %", ...FAULTS].map((kind) => ({ kind, of: gates.filter((gate) => gate.head === kind) }));
  return markdownTable(
    head,
    kinds
      .filter(({ of }) => of.length > 0)
      .map(({ kind, of }) => {
        const verdict = (...wanted: string[]): string => String(of.filter((gate) => wanted.includes(gate.verdict)).length);
        const caught = (metric: string): string =>
          kind.endsWith("%") ? String(of.filter(({ failed }) => failed.includes(metric)).length) : "";
        const confirmed = of.filter(({ seconds }) => seconds.confirmation > 0);
        return [
          kind === "nothing" ? "base itself" : kind.endsWith("%") ? `worse by ${kind}` : kind,
          String(of.length),
          verdict("fail"),
          verdict("inconclusive", "invalid"),
          verdict("pass"),
          caught(CPU),
          caught(MEMORY),
          (mean(of.map(({ seconds }) => seconds.first)) / 60).toFixed(1),
          confirmed.length === 0 ? "–" : (mean(confirmed.map(({ seconds }) => seconds.first + seconds.confirmation)) / 60).toFixed(1),
        ];
      }),
  );
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(part === 0 || part === whole ? 0 : 2)} %`;
}
