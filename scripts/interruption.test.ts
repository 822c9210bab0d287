import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { listenForInterruption } from "./interruption.ts";

function setUp() {
  const signals = Object.assign(new EventEmitter(), { exit: vi.fn<(code: number) => void>() });
  const tell = vi.fn<(signal: NodeJS.Signals) => void>();
  return { signals, tell, interruption: listenForInterruption(tell, signals) };
}

describe("listenForInterruption", () => {
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
    signals.emit("SIGINT", "SIGINT");
    expect(signals.exit).toHaveBeenCalledExactlyOnceWith(143);
  });

  it("has no exit code and holds no listener when nothing came", () => {
    const { signals, interruption } = setUp();
    expect(interruption.exitCode()).toBeUndefined();
    interruption.dispose();
    expect(signals.eventNames()).toEqual([]);
  });
});
