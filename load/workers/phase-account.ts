/** What came of the messages that were due in each phase of the window: how many, how late, and how many only once the phase was over. */
import type { PhaseReceived } from "../assignment.ts";
import { createHistogram } from "../histogram.ts";
import { createPhaseCursor } from "../phase-cursor.ts";

export interface PhaseAccount {
  /** One unique message of the window; times in ns from its start, the latency as the slot of a histogram. */
  delivery(dueNs: number, receivedNs: number, latencySlot: number): void;
  read(): readonly Pick<PhaseReceived, "delivered" | "backlog" | "latency">[];
}

/** Costs the same for a message however many phases there are; `endsNs` from the start of the window. */
export function createPhaseAccount(endsNs: readonly number[]): PhaseAccount {
  const dueIn = createPhaseCursor(endsNs);
  const receivedIn = createPhaseCursor(endsNs);
  const phases = endsNs.map(() => ({ delivered: 0, latency: createHistogram(), overtook: 0, settled: 0 }));

  return {
    delivery(dueNs, receivedNs, latencySlot) {
      const due = dueIn(dueNs);
      const received = receivedIn(receivedNs);
      const phase = phases[due]!;
      phase.delivered++;
      phase.latency.recordSlot(latencySlot);
      // Outstanding at the end of its phase and of each after that, up to the one it came in: only where that begins and ends is counted.
      if (received <= due) return;
      phase.overtook++;
      const arrival = phases[received];
      if (arrival !== undefined) arrival.settled++;
    },
    read() {
      let backlog = 0;
      return phases.map(({ delivered, latency, overtook, settled }) => {
        backlog += overtook - settled;
        return { delivered, backlog, latency: latency.toSparse() };
      });
    },
  };
}
