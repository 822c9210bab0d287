/** A run's progress on a stream: redrawn on a terminal, a line a finished trial elsewhere. */
import type { RunEvent } from "../load/run.ts";
import type { Paint } from "./color.ts";
import { endedLine, heartbeatLine, liveLines, plannedLines, skippedLine } from "./progress/lines.ts";
import type { LineOptions } from "./progress/lines.ts";
import { advance, startProgress } from "./progress/state.ts";

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  onEvent(event: RunEvent): void;
  /** A line that stays, above what is redrawn. */
  say(line: string): void;
  /** Takes the redrawn region away. */
  stop(): void;
}

/** The clock ticks in seconds, and every redraw costs the host that is being measured. */
const REDRAW_MS = 500;
const HEARTBEAT_MS = 30_000;

export function showProgress(stream: ProgressStream, paint: Paint, now: () => number = Date.now): Progress {
  const live = stream.isTTY === true;
  let state = startProgress(now());
  let drawn = 0;
  let lastSaidAt = now();

  function options(): LineOptions {
    // The last column stays free: some terminals wrap when it is filled.
    return { width: live ? (stream.columns ?? 80) - 1 : Infinity, paint };
  }

  /** One write a frame, so that no terminal shows half of it. */
  function draw(kept: readonly string[] = [], region: readonly string[] = live ? liveLines(state, now(), options()) : []): void {
    const erase = drawn > 0 ? `\u001B[${drawn}A\u001B[0J` : "";
    const text = erase + [...kept, ...region].map((line) => `${line}\n`).join("");
    if (text !== "") stream.write(text);
    drawn = region.length;
    if (kept.length > 0) lastSaidAt = now();
  }

  function tick(): void {
    if (live) draw();
    else if (now() - lastSaidAt >= HEARTBEAT_MS) draw([heartbeatLine(state, now())]);
  }

  const timer = setInterval(tick, live ? REDRAW_MS : 1000);
  timer.unref();
  return {
    onEvent(event) {
      state = advance(state, event, now());
      if (event.kind === "planned") draw(plannedLines(event, options()));
      else if (event.kind === "trial-skipped") draw([paint.yellow(skippedLine({ ...event.trial, reason: event.reason }))]);
      else if (event.kind === "trial-ended") draw([endedLine(state.ended.at(-1)!, state.planned.length, options())]);
    },
    say(line) {
      draw([line]);
    },
    stop() {
      clearInterval(timer);
      draw([], []);
    },
  };
}
