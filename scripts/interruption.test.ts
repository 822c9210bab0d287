import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenForInterruption } from "./interruption.ts";

function setUp() {
  const signals = Object.assign(new EventEmitter(), { exit: vi.fn<(code: number) => void>() });
  const tell = vi.fn<(signal: NodeJS.Signals) => void>();
  return { signals, tell, interruption: listenForInterruption(tell, signals) };
}

describe("listenForInterruption", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells the first Ctrl-C, aborts, and does not exit", () => {
    const { signals, tell, interruption } = setUp();
    signals.emit("SIGINT", "SIGINT");
    expect(tell).toHaveBeenCalledExactlyOnceWith("SIGINT");
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode()).toBe(130);
    expect(signals.exit).not.toHaveBeenCalled();
  });

  it("exits at once on the second, with the code of the first", () => {
    const { signals } = setUp();
    signals.emit("SIGTERM", "SIGTERM");
    vi.advanceTimersByTime(300);
    signals.emit("SIGINT", "SIGINT");
    expect(signals.exit).toHaveBeenCalledExactlyOnceWith(143);
  });

  it("takes a signal that is passed on at once for the same press", () => {
    const { signals, interruption } = setUp();
    signals.emit("SIGINT", "SIGINT");
    vi.advanceTimersByTime(50);
    signals.emit("SIGINT", "SIGINT");
    expect(signals.exit).not.toHaveBeenCalled();
    interruption.dispose();
  });

  it("exits when the orderly end does not come", () => {
    const { signals } = setUp();
    signals.emit("SIGINT", "SIGINT");
    vi.advanceTimersByTime(31_000);
    expect(signals.exit).toHaveBeenCalledExactlyOnceWith(130);
  });

  it("has no exit code and holds no listener when nothing came", () => {
    const { signals, interruption } = setUp();
    expect(interruption.exitCode()).toBeUndefined();
    interruption.dispose();
    expect(signals.eventNames()).toEqual([]);
  });
});
