import { createColors } from "picocolors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Measurement } from "../load/measurement.ts";
import type { PlannedTrial, RunEvent } from "../load/run.ts";
import { showProgress } from "./progress.ts";
import { createScreen } from "./screen.ts";

const HOSTILE = "\u001B[2J\u001B]0;owned\u0007\u009B31m\u202Eab\r\nc\u0301";
const WIDE = "日本語のとても長い名前のシナリオ🚀";

const trialOf = (index: number, server: string, scenario: string): PlannedTrial => ({
  ...{ index, server, scenario, transport: "sse", repetition: 1, expectedMs: 10_000 },
});

function measurement(part: Partial<Measurement> = {}): Measurement {
  const metrics = { delivery_rate: 123_456, "delivery_latency_ms.p99": 12.34, messages_lost: 0 };
  return { status: "complete", validity: { valid: true, reasons: [] }, metrics, ...part } as Measurement;
}

/** A terminal with progress on it, and what is seen once all that was written has been shown. */
function watch(columns: number) {
  const screen = createScreen(columns, 20, { convertEol: true });
  const resized = new Set<() => void>();
  const stream = {
    isTTY: true,
    columns,
    write: (text: string) => screen.write(text),
    on: (_: "resize", listener: () => void) => resized.add(listener),
    off: (_: "resize", listener: () => void) => resized.delete(listener),
  };
  const progress = showProgress(stream, createColors(true));
  return {
    progress,
    screen,
    resized,
    async resize(width: number) {
      // A real one has shown what was written before.
      await new Promise<void>((shown) => screen.write("", shown));
      screen.resize(width, 20);
      stream.columns = width;
      for (const listener of resized) listener();
    },
    seen: () => new Promise<string[]>((resolve) => screen.write("", () => resolve(screen.lines()))),
  };
}

function start(onEvent: (event: RunEvent) => void, trials: readonly PlannedTrial[]): void {
  const [trial] = trials;
  onEvent({ kind: "planned", trials, kept: [], unavailable: [], changes: [], outlook: { misfits: [] } });
  onEvent({ kind: "trial-started", trial: trial! });
  onEvent({ kind: "phase", trial: trial!, phase: "measure" });
  for (const delivered of [100, 2500, 5000]) {
    onEvent({ kind: "second", trial: trial!, connected: 100, delivered, p99Ms: 1.5, generatorElu: 0.1 });
  }
}

describe("progress on a terminal", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("says of the trial its rate, p99, the generator's load and its seconds in one line of 80 columns", async () => {
    const { progress, seen } = watch(80);
    start(progress.onEvent, [trialOf(1, "sse-node", "broadcast"), trialOf(2, "websocket-ws", "broadcast")]);
    vi.advanceTimersByTime(500);
    expect(await seen()).toEqual([
      "▸ measure  sse-node  broadcast  5,000/s  p99 1.50 ms  generator 10 %  ▁▅█",
      expect.stringMatching(/^━*─+ 0\/2 {2}0:01 elapsed {2}0:20 left$/),
    ]);
    progress.stop();
  });

  it("says the same in two lines of 40", async () => {
    const { progress, seen } = watch(40);
    start(progress.onEvent, [trialOf(1, "sse-node", "broadcast"), trialOf(2, "websocket-ws", "broadcast")]);
    vi.advanceTimersByTime(500);
    expect(await seen()).toEqual([
      "▸ measure  sse-node  broadcast",
      "  5,000/s  p99 1.50 ms  generator 10 %",
      expect.stringMatching(/^━*─+ 0\/2 {2}0:01 elapsed {2}0:20 left$/),
    ]);
    progress.stop();
  });

  it.each([
    ["hostile", HOSTILE],
    ["wide", WIDE],
  ])("lets no %s name wrap, garble or command the screen, at 80 and at 40 columns", async (_name, name) => {
    for (const columns of [80, 40]) {
      const { progress, screen, seen } = watch(columns);
      const trials = [trialOf(1, name, name), trialOf(2, name, name)];
      start(progress.onEvent, trials);
      vi.advanceTimersByTime(2000);
      progress.onEvent({ kind: "trial-ended", trial: trials[0]!, measurement: measurement() });
      const failure = { kind: "target", message: `${name} ended\n${name}` } as const;
      progress.onEvent({ kind: "trial-started", trial: trials[1]! });
      progress.onEvent({ kind: "trial-ended", trial: trials[1]!, measurement: measurement({ status: "failed", metrics: {}, failure }) });
      vi.advanceTimersByTime(500);
      const lines = await seen();
      expect(screen.wrappedLines()).toEqual([]);
      expect(lines).toEqual([
        expect.stringMatching(/^✓ done {4}1\/2 /),
        expect.stringMatching(/^✗ failed {2}2\/2 /),
        expect.stringMatching(/^━+ 2\/2 {2}0:0\d elapsed {2}0:00 left$/),
      ]);
      progress.stop();
      expect((await seen()).length).toBe(2);
    }
  });

  it("is redrawn where it was after the window became narrower, and wider again", async () => {
    const { progress, screen, resize, seen, resized } = watch(80);
    start(progress.onEvent, [trialOf(1, "sse-node", "broadcast"), trialOf(2, "websocket-ws", "broadcast")]);
    progress.say("kept");
    await resize(40);
    expect(await seen()).toEqual([
      "kept",
      "▸ measure  sse-node  broadcast",
      expect.stringContaining("5,000/s"),
      expect.stringContaining("0/2"),
    ]);
    expect(screen.wrappedLines()).toEqual([]);
    await resize(80);
    expect(await seen()).toEqual(["kept", expect.stringMatching(/^▸ measure .* 5,000\/s/), expect.stringContaining("0/2")]);
    progress.stop();
    expect(await seen()).toEqual(["kept"]);
    expect(resized.size).toBe(0);
  });

  it("leaves nothing of a Ctrl-C that the terminal echoes", async () => {
    const { progress, screen, seen } = watch(40);
    start(progress.onEvent, [trialOf(1, "sse-node", "broadcast")]);
    screen.write("^C");
    progress.say("SIGINT: stopping the load, keeping what is finished; once more to exit at once");
    progress.stop();
    expect(await seen()).toEqual(["SIGINT: stopping the load, keeping what", "  is finished; once more to exit at", "  once"]);
  });
});
