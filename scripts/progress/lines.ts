/** A run's progress as lines of text; draws nothing itself. */
import type { SkippedTrial } from "../../load/measurement.ts";
import type { Outlook } from "../../load/outlook.ts";
import type { RunEvent } from "../../load/run.ts";
import type { ExperimentRecord } from "../../load/textbook-record.ts";
import { cutTo, padEndTo, textWidth } from "../../reports/formats/text-width.ts";
import { wrapped } from "../../reports/formats/wrap.ts";
import type { Paint } from "../color.ts";
import { arrange, isTight } from "./fact.ts";
import type { Fact } from "./fact.ts";
import { outcomeOf } from "./outcome.ts";
import { doneCount, leftMs, share } from "./state.ts";
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

const SPARKLINE_WIDTH = { least: 4, most: 20 } as const;

/** The region that is redrawn: the current trial, in two lines where one is too narrow, then the whole run. */
export function liveLines(state: ProgressState, nowMs: number, { width, paint }: LineOptions): string[] {
  const total = state.planned.length;
  if (total === 0) return [cutTo("starting …", width)];
  const times = ` ${doneCount(state)}/${total}  ${clock(nowMs - state.startedAtMs)} elapsed  ${clock(leftMs(state, nowMs))} left`;
  const cells = Math.max(0, Math.min(40, width - times.length));
  const full = Math.round(cells * share(state, nowMs));
  const bar = paint.cyan("━".repeat(full)) + paint.dim("─".repeat(cells - full));
  const overall = cells >= 8 ? bar + times : cutTo(times.trimStart(), width);
  return state.current ? [...currentLines(state.current, width, paint), overall] : [overall];
}

/** One line that stays: how a trial ended, with the deliveries of its seconds where a terminal has room for them. */
export function endedLine({ trial, tookMs, rates, measurement }: EndedTrial, total: number, { width, paint }: LineOptions): string {
  const { status, metrics } = measurement;
  const { mark, word, color, why } = outcomeOf(measurement);
  const place = `${String(trial.index).padStart(String(total).length)}/${total}`;
  const lost = metrics["messages_lost"];
  const text = arrange(
    [
      { text: `${mark} ${word.padEnd(7)} ${place} ${padEndTo(oneLine(trial.server), NAME_WIDTH)}` },
      { text: oneLine(trial.scenario), least: LEAST_SCENARIO },
      { text: figure(metrics["delivery_rate"], (rate) => `${rounded(rate)}/s`), rank: 2 },
      { text: figure(metrics["delivery_latency_ms.p99"], (p99) => `p99 ${milliseconds(p99)}`), rank: 4 },
      { text: figure(lost, (count) => `${rounded(count)} lost`), rank: lost === 0 ? 1 : 3 },
      { text: clock(tookMs), rank: status === "failed" ? 1 : 5 },
      // Last, so that it is the reason's own end that is cut.
      { text: oneLine(why) },
    ],
    width,
  );
  const graph = why === "" && width < Infinity ? graphBeside(text, rates, width) : "";
  return graph === "" ? paint[color](text) : `${paint[color](text)}  ${paint.dim(graph)}`;
}

/** One line that stays: that an experiment was made, or why not. */
export function experimentLine({ name, durationMs, failure }: ExperimentRecord, { paint, width }: LineOptions): string {
  if (failure !== undefined) return paint.yellow(wrapped(`! textbook ${name}: ${oneLine(failure)}`, width, 2));
  return paint.green(cutTo(`✓ textbook ${name}  ${clock(durationMs)}`, width));
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
      ? [cutTo(`${kept.length} of ${trials.length} trials ${kept.length === 1 ? "is" : "are"} complete and kept`, width)]
      : []),
    ...unavailable.map(({ server, reason }) => paint.yellow(cutTo(`! ${oneLine(server)} is unavailable: ${oneLine(reason)}`, width))),
    ...outlookLines(outlook).map((line) => paint.dim(wrapped(line, width, 2))),
    // Not cut: the advice stands at its end.
    ...(changes.length > 0
      ? [paint.yellow(wrapped(`! not as it was when the run began: ${changes.map(oneLine).join("; ")}; compare cells with care`, width, 2))]
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

function currentLines(current: CurrentTrial, width: number, paint: Paint): string[] {
  const { trial, connected, rates, p99Ms, generatorElu } = current;
  // Loaded past half, the generator adds its own queueing to what it measures (METHOD R6).
  const tint = generatorElu > 0.8 ? paint.red : generatorElu > 0.5 ? paint.yellow : (plain: string) => plain;
  const names: readonly Fact[] = [
    { text: `▸ ${phaseText(current).padEnd(8)} ${oneLine(trial.server)}` },
    { text: oneLine(trial.scenario), least: LEAST_SCENARIO },
  ];
  const figures: readonly Fact[] = [
    { text: rates.length === 0 ? `${rounded(connected)} connected` : `${rounded(rates.at(-1)!)}/s`, rank: 3 },
    { text: figure(p99Ms, (p99) => `p99 ${milliseconds(p99)}`), rank: 1 },
    { text: rates.length === 0 ? "" : `generator ${Math.round(generatorElu * 100)} %`, rank: 2 },
  ];
  const reserve = rates.length === 0 ? 0 : SPARKLINE;
  const lines = isTight([...names, ...figures], width)
    ? [arrange(names, width), cutTo(`  ${arrange(figures, width - 2)}`, width)]
    : [arrange([...names, ...figures], width, reserve)];
  const last = lines.at(-1)!;
  const graph = graphBeside(last, rates, width);
  return [...lines.slice(0, -1).map(tint), graph === "" ? tint(last) : `${tint(last)}  ${paint.cyan(graph)}`];
}

/** The sparkline that a line leaves room for; nothing where that is too narrow to tell anything. */
function graphBeside(line: string, rates: readonly number[], width: number): string {
  const room = Math.min(SPARKLINE_WIDTH.most, width - textWidth(line) - 2);
  return room >= SPARKLINE_WIDTH.least ? sparkline(rates, room) : "";
}

/** Names and messages come from outside: neither line ends nor escape sequences may reach the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
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
