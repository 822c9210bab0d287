/** What is paid for speed?: latency against the CPU it takes, where a suite varied what trades the one for the other. */
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";

export function CostSection({ drawings }: PageData) {
  if (drawings.cost.length === 0) return null;
  const several = new Set(drawings.cost.map(({ scenario }) => scenario)).size > 1;
  return (
    <section id="cost" aria-label="Cost">
      <h2>What is paid for speed?</h2>
      <p class="note">
        A line a server, from its shortest batch to its longest; on the broad grey line lie those points that no other passes in both.
      </p>
      <Figures drawings={drawings.cost} several={several} />
    </section>
  );
}
