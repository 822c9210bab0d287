/**
 * The first thing that goes wrong while a trial waits for something else.
 *
 * The rule of a trial: whoever notices a failure calls `fail`, from wherever; whoever waits does so through `or`, which then throws the
 * failure. What was waited for may never settle and is left to be collected; what was started is stopped in the trial's `finally`.
 */
import type { Failure } from "../measurement.ts";

/** A failure that ends the trial; what was measured before it is kept. */
export class TrialFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export interface Trouble {
  /** Aborted with the first failure: whatever waits stops waiting. */
  readonly signal: AbortSignal;
  fail(failure: Failure): void;
  /** The promise's value, unless something goes wrong first. */
  or<T>(promise: Promise<T>): Promise<T>;
  /** The trial has ended: the outer signal is no longer listened to. */
  over(): void;
}

/** Trouble of one trial; aborting `outer` is a failure of the kind `interrupted`. */
export function createTrouble(outer: AbortSignal): Trouble {
  const controller = new AbortController();
  let reject: (error: TrialFailure) => void;
  const failed = new Promise<never>((_, no) => (reject = no));
  failed.catch(() => {});
  const fail = (failure: Failure): void => {
    reject(new TrialFailure(failure));
    controller.abort();
  };
  const interrupted = (): void => fail({ kind: "interrupted", message: "the run was stopped" });
  if (outer.aborted) interrupted();
  outer.addEventListener("abort", interrupted);
  return {
    signal: controller.signal,
    fail,
    or(promise) {
      promise.catch(() => {});
      return Promise.race([failed, promise]);
    },
    over: () => outer.removeEventListener("abort", interrupted),
  };
}
