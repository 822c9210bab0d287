/** The fields of a workload as a suite has them, for documents. */
import { WORKLOAD_DEFAULTS } from "./suite/scenarios.ts";
import { WORKLOAD_FIELDS } from "./suite/schema.ts";

export interface WorkloadField {
  readonly name: string;
  readonly description: string;
  /** What it is where a suite says nothing, as a suite would say it; absent where that follows from the others. */
  readonly default?: string;
}

type Name = keyof typeof WORKLOAD_FIELDS;

const UNITS: Readonly<Partial<Record<Name, (value: number) => string>>> = {
  rate: perSecond,
  connectRate: perSecond,
  payload: bytes,
  backpressure: bytes,
  settle: time,
  warmup: time,
  duration: time,
  drain: time,
  reconnectDelay: time,
  pollInterval: time,
  heartbeat: time,
  batch: time,
};

/** In the order of the schema. */
export function workloadFields(): WorkloadField[] {
  const defaults: Readonly<Partial<Record<Name, string | number | boolean>>> = WORKLOAD_DEFAULTS;
  return (Object.keys(WORKLOAD_FIELDS) as Name[]).map((name) => {
    const value = defaults[name];
    const description = WORKLOAD_FIELDS[name].description ?? "";
    if (value === undefined) return { name, description };
    return { name, description, default: typeof value === "number" ? (UNITS[name]?.(value) ?? String(value)) : String(value) };
  });
}

function perSecond(value: number): string {
  return `${value}/s`;
}

function bytes(value: number): string {
  const kib = value / 1024;
  if (!Number.isInteger(kib)) return `${value}B`;
  return Number.isInteger(kib / 1024) ? `${kib / 1024}MiB` : `${kib}KiB`;
}

function time(ms: number): string {
  if (ms === 0) return "0";
  return Number.isInteger(ms / 1000) ? `${ms / 1000}s` : `${ms}ms`;
}
