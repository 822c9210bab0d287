import { createColors } from "picocolors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Measurement } from "../load/measurement.ts";
import type { PlannedTrial } from "../load/run.ts";
import { showProgress } from "./progress.ts";
import { createScreen } from "./screen.ts";

const paint = createColors(false);
const trial: PlannedTrial = { index: 1, server: "sse-node", transport: "sse", scenario: "a", repetition: 1, expectedMs: 60_000 };
const measurement = { status: "complete", validity: { valid: true, reasons: [] }, metrics: {} } as unknown as Measurement;

function collect(terminal: { isTTY?: boolean; columns?: number }) {
  const writes: string[] = [];
  return { writes, stream: { ...terminal, write: (text: string) => writes.push(text) } };
}

describe("showProgress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("writes a line a finished trial where there is no terminal, and no escape sequence", () => {
    const { writes, stream } = collect({});
    const progress = showProgress(stream, paint);
    progress.onEvent({
      kind: "planned",
      trials: [trial],
      kept: [],
      unavailable: [{ server: "x", reason: "y" }],
      changes: [],
      outlook: { misfits: [] },
    });
    progress.onEvent({ kind: "trial-started", trial });
    vi.advanceTimersByTime(29_000);
    progress.onEvent({ kind: "trial-ended", trial, measurement });
    progress.stop();
    expect(writes).toEqual(["! x is unavailable: y\n", "✓ done    1/1 sse-node          a  0:29\n"]);
  });

  it("counts anew where what follows depends on what came before", () => {
    const { writes, stream } = collect({});
    const progress = showProgress(stream, paint);
    progress.onEvent({ kind: "planned", trials: [], kept: [], unavailable: [], changes: [], outlook: { misfits: [] } });
    for (const trials of [
      [trial, trial, trial],
      [trial, trial],
    ]) {
      progress.onEvent({ kind: "replanned", trials });
      progress.onEvent({ kind: "trial-started", trial });
      progress.onEvent({ kind: "trial-ended", trial, measurement });
    }
    progress.stop();
    expect(writes.map((text) => text.slice(0, 13))).toEqual(["✓ done    1/3", "✓ done    1/2"]);
  });

  it("gives a sign of life every 30 s where there is no terminal, and none after it was stopped", () => {
    const { writes, stream } = collect({});
    const progress = showProgress(stream, paint);
    progress.onEvent({ kind: "planned", trials: [trial], kept: [], unavailable: [], changes: [], outlook: { misfits: [] } });
    progress.onEvent({ kind: "trial-started", trial });
    vi.advanceTimersByTime(61_000);
    progress.stop();
    vi.advanceTimersByTime(60_000);
    expect(writes.map((text) => text.slice(0, 30))).toEqual(["… 0/1 trials, 0:30 elapsed, ab", "… 0/1 trials, 1:00 elapsed, ab"]);
  });

  it("redraws a terminal at most five times a second, whatever happens between", () => {
    const { writes, stream } = collect({ isTTY: true, columns: 80 });
    const progress = showProgress(stream, paint);
    progress.onEvent({ kind: "planned", trials: [trial], kept: [], unavailable: [], changes: [], outlook: { misfits: [] } });
    const before = writes.length;
    for (let n = 0; n < 100; n++) {
      progress.onEvent({ kind: "second", trial, connected: 1, delivered: n, generatorElu: 0 });
      vi.advanceTimersByTime(10);
    }
    expect(writes.length - before).toBeGreaterThan(0);
    expect(writes.length - before).toBeLessThanOrEqual(5);
    progress.stop();
  });

  it("leaves on a terminal only the lines that were to stay", async () => {
    const { writes, stream } = collect({ isTTY: true, columns: 80 });
    const progress = showProgress(stream, paint);
    progress.onEvent({ kind: "planned", trials: [trial], kept: [], unavailable: [], changes: [], outlook: { misfits: [] } });
    progress.onEvent({ kind: "trial-started", trial });
    vi.advanceTimersByTime(1000);
    progress.say("interrupted");
    progress.onEvent({ kind: "trial-ended", trial, measurement });
    progress.stop();
    vi.useRealTimers();
    const screen = createScreen(80, 10, { convertEol: true });
    await new Promise<void>((shown) => screen.write(writes.join(""), shown));
    expect(screen.lines()).toEqual(["interrupted", "✓ done    1/1 sse-node          a  0:01"]);
  });
});
