/** A run's progress as lines of text; draws nothing itself. */
import type { RunRecord } from "../../load/measurement.ts";
import type { Paint } from "../color.ts";
import { leftMs } from "./state.ts";
import type { CurrentTrial, EndedTrial, ProgressState } from "./state.ts";

export interface LineOptions {
  /** Columns that a line may fill. */
  readonly width: number;
  readonly paint: Paint;
}

const BARS = "▁▂▃▄▅▆▇█";
const NAME_WIDTH = 16;

/** The region that is redrawn: the current trial, then the whole run. */
export function liveLines(state: ProgressState, nowMs: number, { width, paint }: LineOptions): string[] {
  const total = state.planned.length;
  if (total === 0) return [fit("starting …", width)];
  const times = ` ${state.ended.length}/${total}  ${clock(nowMs - state.startedAtMs)} elapsed  ${clock(leftMs(state, nowMs))} left`;
  const cells = Math.max(0, Math.min(40, width - times.length));
  const full = Math.round(cells * share(state, nowMs));
  const bar = paint.cyan("━".repeat(full)) + paint.dim("━".repeat(cells - full));
  const overall = cells >= 8 ? bar + times : fit(times.trimStart(), width);
  return state.current ? [currentLine(state.current, width, paint), overall] : [overall];
}

/** One line that stays: how a trial ended. */
export function endedLine({ trial, tookMs, measurement }: EndedTrial, total: number, { width, paint }: LineOptions): string {
  const { status, failure, validity, metrics } = measurement;
  const place = `${String(trial.index).padStart(String(total).length)}/${total}`;
  const name = `${oneLine(trial.server).padEnd(NAME_WIDTH)} ${oneLine(trial.scenario)}`;
  const reason = validity.reasons.find(({ severity }) => severity === "invalid");
  const [mark, color] =
    status === "failed"
      ? (["✗", paint.red] as const)
      : status === "partial" || !validity.valid
        ? (["~", paint.yellow] as const)
        : (["✓", paint.green] as const);
  const figures = [
    figure(metrics["delivery_rate"], (rate) => `${rounded(rate)}/s`),
    figure(metrics["delivery_latency_ms.p99"], (p99) => `p99 ${milliseconds(p99)}`),
    figure(metrics["messages_lost"], (lost) => `${rounded(lost)} lost`),
  ].filter((text) => text !== "");
  const why =
    status === "failed"
      ? [`failed: ${oneLine(failure?.message ?? "for no known reason")}`]
      : status === "partial"
        ? ["interrupted"]
        : validity.valid
          ? []
          : [`invalid: ${oneLine(reason?.message ?? "for no known reason")}`];
  return color(fit([`${mark} ${place} ${name}`, ...figures, ...why, clock(tookMs)].join("  "), width));
}

/** One line for where nothing is redrawn: a sign of life, with what there is to tell. */
export function heartbeatLine(state: ProgressState, nowMs: number): string {
  const { current, ended, planned } = state;
  const head = `… ${ended.length}/${planned.length} trials, ${clock(nowMs - state.startedAtMs)} elapsed, about ${clock(leftMs(state, nowMs))} left`;
  return current ? `${head}: ${oneLine(current.trial.server)} ${oneLine(current.trial.scenario)}, ${current.phase ?? "starting"}` : head;
}

/** What will not run here, said once at the start. */
export function unavailableLines(unavailable: RunRecord["unavailable"], { paint, width }: LineOptions): string[] {
  return unavailable.map(({ server, reason }) => paint.yellow(fit(`! ${oneLine(server)} is unavailable: ${oneLine(reason)}`, width)));
}

/** The last values, each as a bar from 0 to the largest of them. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const top = Math.max(...shown, 0);
  return shown.map((value) => BARS[top > 0 ? Math.round((value / top) * (BARS.length - 1)) : 0]).join("");
}

/** `1:05`, or `1:00:05` past an hour. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function currentLine({ trial, phase, connected, rates, p99Ms, generatorElu }: CurrentTrial, width: number, paint: Paint): string {
  const name = `${oneLine(trial.server).padEnd(NAME_WIDTH)} ${oneLine(trial.scenario)}`;
  const facts = [
    (phase ?? "starting").padEnd(10),
    rates.length === 0 ? `${rounded(connected)} connected` : `${rounded(rates.at(-1)!)}/s`,
    figure(p99Ms, (p99) => `p99 ${milliseconds(p99)}`),
    rates.length === 0 ? "" : `generator ${Math.round(generatorElu * 100)} %`,
  ].filter((text) => text !== "");
  const text = fit([`▸ ${name}`, ...facts].join("  "), width);
  const room = Math.min(20, width - text.length - 2);
  const graph = room >= 4 ? sparkline(rates, room) : "";
  // Loaded past half, the generator adds its own queueing to what it measures (METHOD R6).
  const tint = generatorElu > 0.8 ? paint.red : generatorElu > 0.5 ? paint.yellow : (plain: string) => plain;
  return graph === "" ? tint(text) : `${tint(text)}  ${paint.cyan(graph)}`;
}

function share(state: ProgressState, nowMs: number): number {
  const spent = nowMs - state.startedAtMs;
  return state.ended.length === state.planned.length ? 1 : Math.min(1, spent / Math.max(1, spent + leftMs(state, nowMs)));
}

/** Cut to the width, for a line that wraps cannot be redrawn. */
function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Names and messages come from outside: neither line ends nor escape sequences may reach the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
}

function figure(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "" : format(value);
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : rounded(ms)} ms`;
}
