/** When a poller asks again. */
export interface PollGrid {
  /** The answer is here: asks when the next poll is due. */
  answered(): void;
  stop(): void;
}

/**
 * Polls keep to a grid of their own, so that a slow answer does not stretch the interval; a beat that an answer ran over is left out.
 * The grid begins `phase` of an interval after the first answer. With an interval of 0 the loop is closed: asked as soon as answered.
 */
export function createPollGrid(intervalMs: number, phase: number, ask: () => void): PollGrid {
  let dueAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    answered() {
      if (intervalMs === 0) {
        ask();
        return;
      }
      const now = performance.now();
      dueAt ??= now - (1 - phase) * intervalMs;
      do dueAt += intervalMs;
      while (dueAt < now);
      timer = setTimeout(ask, dueAt - now);
    },
    stop: () => clearTimeout(timer),
  };
}
