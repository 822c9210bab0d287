/** The figures of `bench:validity` as tables in Markdown, which a terminal shows as well. */
import type { Disturbed, Indicators } from "../../load/validity-study.ts";
import { LIMITS } from "../../load/validity.ts";
import { markdownTable } from "../markdown-table.ts";

/** What disturbs, by how much, and the medians of its trials. */
export function formatDisturbances(rows: readonly Disturbed[]): string {
  const head = [
    "what is done",
    "how much",
    ...INDICATORS.map(({ title }) => title),
    "p50, ms",
    "p99, ms",
    "p99 of all, ms",
    "right",
    "valid",
  ];
  const groups = new Map<string, Disturbed[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.disturbance.what, row.disturbance.amount]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const body = [...groups.values()].map((trials) => [
    trials[0]!.disturbance.what,
    trials[0]!.disturbance.amount,
    ...INDICATORS.map(({ key, show }) => show(middle(trials.flatMap(({ indicators }) => indicators[key] ?? [])))),
    signed(middle(trials.map(({ error }) => error.p50))),
    signed(middle(trials.map(({ error }) => error.p99))),
    signed(middle(trials.map(({ populationError }) => populationError.p99))),
    ofAll(trials, ({ right }) => right),
    ofAll(trials, ({ valid }) => valid),
  ]);
  return markdownTable(head, body);
}

/** For each limit the trials of the disturbance that it is there for: the most of the indicator in a right one, the least in a wrong one. */
export function formatLimits(rows: readonly Disturbed[]): string {
  const head = ["indicator", "looked for where", "most while right", "least while wrong", "limit"];
  const body = LIMITED.map(({ key, what, limit, wrong }) => {
    const { title, show } = INDICATORS.find((each) => each.key === key)!;
    const trials = rows.filter(({ disturbance }) => disturbance.what === what || disturbance.what === "nothing");
    const isWrong = wrong ?? ((row: Disturbed): boolean => !row.right);
    const values = (of: boolean): number[] =>
      trials.filter((row) => isWrong(row) === of).flatMap(({ indicators }) => indicators[key] ?? []);
    const most = values(false).reduce((a, b) => Math.max(a, b), -Infinity);
    const least = values(true).reduce((a, b) => Math.min(a, b), Infinity);
    return [title, what, show(most), show(least), limit];
  });
  return markdownTable(head, body);
}

/** Whether what was wrong said so, and how much of what was right was not believed. */
export function formatVerdict(rows: readonly Disturbed[]): string {
  const wrong = rows.filter(({ right }) => !right);
  const right = rows.filter((row) => row.right);
  const uninvited = rows.filter(
    ({ disturbance, indicators }) =>
      disturbance.what !== "neighbours compute" && (indicators.foreignShare ?? 0) > LIMITS.foreignShareNoticed,
  );
  const count = (among: readonly Disturbed[], valid: boolean): number => among.filter((row) => row.valid === valid).length;
  return [
    `Of ${wrong.length} trials whose headline was wrong ${count(wrong, false)} called themselves invalid, ${count(wrong, true)} did not.`,
    `Of ${right.length} trials whose headline was right ${count(right, false)} called themselves invalid.`,
    ...(uninvited.length === 0
      ? []
      : [`Doubtful: in ${uninvited.length} trials something else used the machine. Run it again when it is quiet.`]),
  ].join("\n");
}

interface Shown {
  readonly key: keyof Indicators;
  readonly title: string;
  show(value: number): string;
}

const plain = (digits: number) => (value: number) => (Number.isFinite(value) ? value.toFixed(digits) : "none");
const percent = (value: number): string => (Number.isFinite(value) ? `${(value * 100).toFixed(0)} %` : "none");

const INDICATORS: readonly Shown[] = [
  { key: "probeElu", title: "probes' ELU", show: plain(2) },
  { key: "probeTurnMs", title: "their turn, ms", show: plain(2) },
  { key: "workerElu", title: "worker's ELU", show: plain(2) },
  { key: "lagMs", title: "lag, ms", show: plain(2) },
  { key: "foreignShare", title: "others", show: percent },
  { key: "runqShare", title: "run queue", show: percent },
];

interface Limited {
  readonly key: keyof Indicators;
  readonly what: Disturbed["disturbance"]["what"];
  readonly limit: string;
  /** What is called wrong, where it is not the headline. */
  wrong?(row: Disturbed): boolean;
}

const LIMITED: readonly Limited[] = [
  { key: "probeElu", what: "the probes compute", limit: `invalid above ${LIMITS.probeElu}` },
  {
    key: "probeTurnMs",
    what: "the probes compute",
    limit: `invalid above ${LIMITS.probeTurnMs}, or ${percent(LIMITS.probeTurnShareOfP99)} of p99`,
  },
  {
    key: "workerElu",
    what: "the workers compute",
    limit: `warning above ${LIMITS.workerEluInflated}, invalid above ${LIMITS.workerEluInvalid}`,
    wrong: ({ populationError }) => Math.abs(populationError.p50) > 1 || Math.abs(populationError.p99) > 3,
  },
  { key: "lagMs", what: "neighbours compute", limit: `invalid above ${LIMITS.lagMs}, or ${percent(LIMITS.lagShareOfP99)} of p99` },
  {
    key: "foreignShare",
    what: "neighbours compute",
    limit: `warning above ${percent(LIMITS.foreignShareNoticed)}, invalid above ${percent(LIMITS.foreignShare)}`,
  },
  { key: "runqShare", what: "neighbours compute", limit: `warning above ${percent(LIMITS.runqWaitShare)}` },
];

function ofAll(trials: readonly Disturbed[], is: (row: Disturbed) => boolean): string {
  return `${trials.filter(is).length} of ${trials.length}`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(Math.abs(value) < 10 ? 2 : 0)}`;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
