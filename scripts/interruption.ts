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

/** The first Ctrl-C (or SIGTERM) is told at once and asks for an orderly end; the second ends the process where it stands. */
export function listenForInterruption(tell: (signal: NodeJS.Signals) => void, signals: Signals = process): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (code !== undefined) {
      signals.exit(code);
      return;
    }
    code = signal === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
    tell(signal);
    controller.abort(new Error(`interrupted by ${signal}`));
  };
  signals.on("SIGINT", listener);
  signals.on("SIGTERM", listener);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose() {
      signals.off("SIGINT", listener);
      signals.off("SIGTERM", listener);
    },
  };
}
