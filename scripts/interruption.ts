import { EXIT } from "./exit-code.ts";

export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** 130 or 143 once interrupted. */
  exitCode(): number | undefined;
  /** Gives the signals back to their defaults. */
  dispose(): void;
}

interface Signals {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

/** Who started this program may pass the terminal's Ctrl-C on to it once more; nobody presses it twice as fast. */
const SAME_PRESS_MS = 250;
/** An orderly end takes 5 s at most, and the report of a long run some more. */
const GIVE_UP_MS = 30_000;

/** The first Ctrl-C (or SIGTERM) is told at once and asks for an orderly end; the second, or an end that takes too long, ends the process where it stands. */
export function listenForInterruption(tell: (signal: NodeJS.Signals) => void, signals: Signals = process): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  let pressedAt = 0;
  let deadline: NodeJS.Timeout | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (code !== undefined) {
      if (performance.now() - pressedAt > SAME_PRESS_MS) signals.exit(code);
      return;
    }
    pressedAt = performance.now();
    const ended = (code = signal === "SIGTERM" ? EXIT.terminated : EXIT.interrupted);
    deadline = setTimeout(() => signals.exit(ended), GIVE_UP_MS);
    tell(signal);
    controller.abort(new Error(`interrupted by ${signal}`));
  };
  signals.on("SIGINT", listener);
  signals.on("SIGTERM", listener);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose() {
      clearTimeout(deadline);
      signals.off("SIGINT", listener);
      signals.off("SIGTERM", listener);
    },
  };
}
