/** A run's progress as lines of text; draws nothing itself. */
import type { SkippedTrial } from "../../load/measurement.ts";
import type { Outlook } from "../../load/outlook.ts";
import type { RunEvent } from "../../load/run.ts";
import type { Paint } from "../color.ts";
import { arrange, fit } from "./fact.ts";
import { doneCount, leftMs } from "./state.ts";
import type { CurrentTrial, EndedTrial, ProgressState } from "./state.ts";

export interface LineOptions {
  /** Columns that a line may fill. */
  readonly width: number;
  readonly paint: Paint;
}

const BARS = "▁▂▃▄▅▆▇█";
const NAME_WIDTH = 16;
/** A scenario's name keeps this much on a narrow terminal. */
const LEAST_SCENARIO = 8;
/** What is kept free for the sparkline while there are names to shorten. */
const SPARKLINE = 8;

/** The region that is redrawn: the current trial, then the whole run. */
export function liveLines(state: ProgressState, nowMs: number, { width, paint }: LineOptions): string[] {
  const total = state.planned.length;
  if (total === 0) return [fit("starting …", width)];
  const times = ` ${doneCount(state)}/${total}  ${clock(nowMs - state.startedAtMs)} elapsed  ${clock(leftMs(state, nowMs))} left`;
  const cells = Math.max(0, Math.min(40, width - times.length));
  const full = Math.round(cells * share(state, nowMs));
  const bar = paint.cyan("━".repeat(full)) + paint.dim("─".repeat(cells - full));
  const overall = cells >= 8 ? bar + times : fit(times.trimStart(), width);
  return state.current ? [currentLine(state.current, width, paint), overall] : [overall];
}

/** One line that stays: how a trial ended. */
export function endedLine({ trial, tookMs, measurement }: EndedTrial, total: number, { width, paint }: LineOptions): string {
  const { status, metrics } = measurement;
  const { mark, word, color, why = "" } = outcomeOf(measurement, paint);
  const place = `${String(trial.index).padStart(String(total).length)}/${total}`;
  const lost = metrics["messages_lost"];
  const text = arrange(
    [
      { text: `${mark} ${word.padEnd(7)} ${place} ${oneLine(trial.server).padEnd(NAME_WIDTH)}` },
      { text: oneLine(trial.scenario), least: LEAST_SCENARIO },
      { text: figure(metrics["delivery_rate"], (rate) => `${rounded(rate)}/s`), rank: 2 },
      { text: figure(metrics["delivery_latency_ms.p99"], (p99) => `p99 ${milliseconds(p99)}`), rank: 4 },
      { text: figure(lost, (count) => `${rounded(count)} lost`), rank: lost === 0 ? 1 : 3 },
      { text: clock(tookMs), rank: status === "failed" ? 1 : 5 },
      // Last, so that it is the reason's own end that is cut.
      { text: why },
    ],
    width,
  );
  return color(text);
}

function outcomeOf(
  { status, failure, validity }: EndedTrial["measurement"],
  paint: Paint,
): { readonly mark: string; readonly word: string; readonly color: (text: string) => string; readonly why?: string } {
  if (status === "failed") return { mark: "✗", word: "failed", color: paint.red, why: oneLine(failure?.message ?? "for no known reason") };
  if (status === "partial") return { mark: "~", word: "partial", color: paint.yellow, why: "interrupted" };
  if (validity.valid) return { mark: "✓", word: "done", color: paint.green };
  const reason = validity.reasons.find(({ severity }) => severity === "invalid");
  return { mark: "~", word: "invalid", color: paint.yellow, why: oneLine(reason?.message ?? "for no known reason") };
}

/** One line for where nothing is redrawn: a sign of life, with what there is to tell. */
export function heartbeatLine(state: ProgressState, nowMs: number): string {
  const { current, planned } = state;
  const head = `… ${doneCount(state)}/${planned.length} trials, ${clock(nowMs - state.startedAtMs)} elapsed, about ${clock(leftMs(state, nowMs))} left`;
  return current ? `${head}: ${oneLine(current.trial.server)} ${oneLine(current.trial.scenario)}, ${phaseText(current)}` : head;
}

/** How the largest trial is laid out, and what does not fit; not cut, for the arithmetic stands at the end. */
export function outlookLines({ largest, misfits }: Outlook): string[] {
  return [
    ...(largest === undefined ? [] : [`largest trial: ${oneLine(largest.server)} ${oneLine(largest.scenario)}: ${largest.layout}`]),
    ...misfits.map((trial) => skippedLine(trial)),
  ];
}

/** One line that stays: why a trial is not made. */
export function skippedLine({ server, scenario, reason }: Pick<SkippedTrial, "server" | "scenario" | "reason">): string {
  return `– skipped ${oneLine(server)} ${oneLine(scenario)}: ${oneLine(reason)}`;
}

/** What is said once at the start: what is there already, what will not run here, and what is not as it was. */
export function plannedLines(
  { trials, kept, unavailable, changes, outlook }: Extract<RunEvent, { kind: "planned" }>,
  { paint, width }: LineOptions,
): string[] {
  return [
    ...(kept.length > 0
      ? [fit(`${kept.length} of ${trials.length} trials ${kept.length === 1 ? "is" : "are"} complete and kept`, width)]
      : []),
    ...unavailable.map(({ server, reason }) => paint.yellow(fit(`! ${oneLine(server)} is unavailable: ${oneLine(reason)}`, width))),
    ...outlookLines(outlook).map(paint.dim),
    // Not cut: the advice stands at its end.
    ...(changes.length > 0
      ? [paint.yellow(`! not as it was when the run began: ${changes.map(oneLine).join("; ")}; compare cells with care`)]
      : []),
  ];
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

/** `warm-up`, and `warm-up ×2` where it goes on for as long again. */
function phaseText({ phase, times }: Pick<CurrentTrial, "phase" | "times">): string {
  return times > 1 ? `${phase} ×${times}` : (phase ?? "starting");
}

function currentLine(current: CurrentTrial, width: number, paint: Paint): string {
  const { trial, connected, rates, p99Ms, generatorElu } = current;
  const text = arrange(
    [
      { text: `▸ ${phaseText(current).padEnd(8)} ${oneLine(trial.server)}` },
      { text: oneLine(trial.scenario), least: LEAST_SCENARIO },
      { text: rates.length === 0 ? `${rounded(connected)} connected` : `${rounded(rates.at(-1)!)}/s`, rank: 3 },
      { text: figure(p99Ms, (p99) => `p99 ${milliseconds(p99)}`), rank: 1 },
      { text: rates.length === 0 ? "" : `generator ${Math.round(generatorElu * 100)} %`, rank: 2 },
    ],
    width,
    rates.length === 0 ? 0 : SPARKLINE,
  );
  const room = Math.min(20, width - text.length - 2);
  const graph = room >= 4 ? sparkline(rates, room) : "";
  // Loaded past half, the generator adds its own queueing to what it measures (METHOD R6).
  const tint = generatorElu > 0.8 ? paint.red : generatorElu > 0.5 ? paint.yellow : (plain: string) => plain;
  return graph === "" ? tint(text) : `${tint(text)}  ${paint.cyan(graph)}`;
}

function share(state: ProgressState, nowMs: number): number {
  const spent = nowMs - state.startedAtMs;
  return doneCount(state) === state.planned.length ? 1 : Math.min(1, spent / Math.max(1, spent + leftMs(state, nowMs)));
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
