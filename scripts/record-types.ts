/** Every file that pushbench saves, and what it prints with `--json`, by the name that `pushbench schema` gives its JSON Schema. */

export interface RecordType {
  readonly name: string;
  /** Which file or answer it is. */
  readonly of: string;
  /** The TypeScript type that says what is in it, and the file where that stands. */
  readonly type: string;
  readonly file: string;
}

/** All but the suite, whose schema is what a suite is checked by. */
export const RECORD_TYPES: readonly RecordType[] = [
  { name: "run", of: "run.json of a results folder", type: "RunRecord", file: "load/measurement.ts" },
  { name: "measurement", of: "each file in trials/", type: "Measurement", file: "load/measurement.ts" },
  { name: "summary", of: "summary.json, run --json, report --json", type: "Summary", file: "reports/summary.ts" },
  { name: "capacity", of: "capacity.json, capacity --json", type: "CapacityRecord", file: "load/capacity-record.ts" },
  { name: "comparison", of: "compare --json", type: "Comparison", file: "reports/comparison.ts" },
  { name: "gate", of: "gate.json", type: "GateRecord", file: "load/gate-record.ts" },
  { name: "round", of: "each file in rounds/ of a gate", type: "GateRound", file: "load/gate-record.ts" },
  { name: "gate-report", of: "gate-report.json, gate --json", type: "GateReport", file: "reports/gate-report.ts" },
  { name: "baseline", of: "what gate --save-baseline writes", type: "Baseline", file: "load/baseline-record.ts" },
  { name: "history", of: "each line of results/history.jsonl", type: "HistoryPoint", file: "load/history-record.ts" },
  { name: "trends", of: "history --json", type: "HistoryDocument", file: "reports/formats/history-json.ts" },
];

/** Beside this file, made by `npm run schemas` of the types. */
export const SCHEMAS_FILE = "record-schemas.json";
