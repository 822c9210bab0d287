/** CPU time and run-queue wait of one thread since it began. */
export interface ThreadTimes {
  readonly tid: string;
  readonly cpuNs: number;
  readonly waitNs: number;
}

/** CPU time and run-queue wait of a process, from some moment before the first look on; only differences mean anything. */
export interface ProcessTimes {
  readonly cpuNs: number;
  /** Of a thread that ended, what it had waited when it was last seen. */
  readonly waitNs: number;
}

export interface CpuAccount {
  /** Takes the threads of one look and the ticks of the whole process, read right after them. */
  add(threads: readonly ThreadTimes[], ticksNs: number): ProcessTimes;
}

/** Ticks are 10 ms, rounded down once for user and once for system time: the truth lies less than two ticks above them. */
const TICKS_SLACK_NS = 20e6;

/**
 * Adds up threads so that no look at a process shows less than the one before: a thread that ended keeps counting with what it had
 * when it was last seen.
 *
 * What it ran after that, and threads that came and went between two looks, are in the ticks alone: where these exceed the sum by more
 * than their own rounding can explain, the sum is raised to the middle of what they leave open, which is right to ± 10 ms. The
 * correction stays, so it is in both ends of any later window and cancels there.
 */
export function createCpuAccount(): CpuAccount {
  let last = new Map<string, ThreadTimes>();
  let endedCpuNs = 0;
  let endedWaitNs = 0;
  let unseenNs = 0;

  return {
    add(threads, ticksNs) {
      const now = new Map(threads.map((thread) => [thread.tid, thread]));
      for (const [tid, before] of last) {
        const after = now.get(tid);
        // Less than before: another thread got the number.
        if (after !== undefined && after.cpuNs >= before.cpuNs) continue;
        endedCpuNs += before.cpuNs;
        endedWaitNs += before.waitNs;
      }
      last = now;

      let cpuNs = endedCpuNs + unseenNs;
      let waitNs = endedWaitNs;
      for (const thread of threads) {
        cpuNs += thread.cpuNs;
        waitNs += thread.waitNs;
      }
      if (ticksNs - cpuNs > TICKS_SLACK_NS) {
        const correctedNs = ticksNs + TICKS_SLACK_NS / 2;
        unseenNs += correctedNs - cpuNs;
        cpuNs = correctedNs;
      }
      return { cpuNs, waitNs };
    },
  };
}
