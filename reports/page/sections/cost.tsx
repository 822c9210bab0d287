/** What is paid for speed?: latency against the CPU it takes, and the bytes of a delivery. */
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";

export function CostSection({ drawings }: PageData) {
  if (drawings.cost.length === 0) return null;
  const several = new Set(drawings.cost.map(({ scenario }) => scenario)).size > 1;
  const has = (chart: string): boolean => drawings.cost.some(({ name }) => name.startsWith(`${chart}-`));
  return (
    <section id="cost" aria-label="Cost">
      <h2>What is paid for speed?</h2>
      <p class="note">
        {(has("cost-frontier") || has("batch-frontier")) && "On the broad grey line lie those points that no other passes in both."}
        {has("batch-frontier") && " Where batches were varied, a line is a server, from its shortest batch to its longest."}
        {has("delivery-bytes") &&
          " Bytes are those of the transport, without TCP's and IP's own; polls that brought nothing count as well."}
      </p>
      <Figures drawings={drawings.cost} several={several} />
    </section>
  );
}
