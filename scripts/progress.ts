/** A run's progress on a stream: redrawn on a terminal, a line a finished trial elsewhere. */
import type { RunEvent } from "../load/run.ts";
import { visibleWidth, wrapped } from "../reports/formats/wrap.ts";
import type { Paint } from "./color.ts";
import { endedLine, experimentLine, heartbeatLine, liveLines, plannedLines, skippedLine } from "./progress/lines.ts";
import type { LineOptions } from "./progress/lines.ts";
import { advance, startProgress } from "./progress/state.ts";
import type { ProgressState } from "./progress/state.ts";

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  /** `resize`, where it is a terminal. */
  on?(event: "resize", listener: () => void): unknown;
  off?(event: "resize", listener: () => void): unknown;
}

export interface Progress {
  onEvent(event: RunEvent): void;
  /** A line that stays, above what is redrawn; broken at words where it is wider than the terminal. */
  say(line: string): void;
  /** Where the run stands. */
  state(): ProgressState;
  /** Takes the redrawn region away. */
  stop(): void;
}

/** The clock ticks in seconds, and every redraw costs the host that is being measured. */
const REDRAW_MS = 500;
const HEARTBEAT_MS = 30_000;
const USUAL_COLUMNS = 80;
/** Past the last column a terminal goes on in the next line, but for what stands between these two. */
const CUT = "\u001B[?7l";
const WRAP = "\u001B[?7h";

export function showProgress(stream: ProgressStream, paint: Paint, now: () => number = Date.now): Progress {
  const live = stream.isTTY === true;
  let state = startProgress(now());
  let drawn: readonly string[] = [];
  let lastSaidAt = now();

  function columns(): number {
    // A terminal that does not know its width says 0.
    return stream.columns || USUAL_COLUMNS;
  }

  function options(): LineOptions {
    // The last column stays free: some terminals wrap when it is filled.
    return { width: live ? columns() - 1 : Infinity, paint };
  }

  /** Where the terminal became narrower, what was drawn takes more lines of it than it had. */
  function erase(): string {
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(visibleWidth(line) / columns())), 0);
    // From the start of the line: a Ctrl-C stands where the cursor is.
    return rows > 0 ? `\r\u001B[${rows}A\u001B[0J` : "";
  }

  /** One write a frame, so that no terminal shows half of it. */
  function draw(kept: readonly string[] = [], region: readonly string[] = live ? liveLines(state, now(), options()) : []): void {
    const lines = (texts: readonly string[]): string => texts.map((line) => `${line}\n`).join("");
    const text = erase() + lines(kept) + (region.length > 0 ? CUT + lines(region) + WRAP : "");
    if (text !== "") stream.write(text);
    drawn = region;
    if (kept.length > 0) lastSaidAt = now();
  }

  function tick(): void {
    if (live) draw();
    else if (now() - lastSaidAt >= HEARTBEAT_MS) draw([heartbeatLine(state, now())]);
  }

  function onResize(): void {
    draw();
  }

  const timer = setInterval(tick, live ? REDRAW_MS : 1000);
  timer.unref();
  if (live) stream.on?.("resize", onResize);

  return {
    onEvent(event) {
      state = advance(state, event, now());
      const { width } = options();
      if (event.kind === "planned") draw(plannedLines(event, options()));
      else if (event.kind === "trial-skipped")
        draw([paint.yellow(wrapped(skippedLine({ ...event.trial, reason: event.reason }), width, 2))]);
      else if (event.kind === "experiment-ended") draw([experimentLine(event.experiment, options())]);
      else if (event.kind === "trial-ended") draw([endedLine(state.ended.at(-1)!, state.planned.length, options())]);
    },
    say(line) {
      draw([wrapped(line, options().width, 2)]);
    },
    state: () => state,
    stop() {
      clearInterval(timer);
      stream.off?.("resize", onResize);
      draw([], []);
    },
  };
}
