/** How bad is the tail, and for whom?: the latency at every percentile, all complete trials merged. */
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";

export function LatencySection({ drawings, scenarios }: PageData) {
  if (drawings.latency.length === 0) return null;
  return (
    <section id="latency" aria-label="Latency">
      <h2>How bad is the tail, and for whom?</h2>
      <p class="note">
        Delivery latency runs from the moment a message was due to the moment it was received. All complete trials of a cell, merged; a
        curve ends where fewer than ten deliveries lie beyond.
      </p>
      <Figures drawings={drawings.latency} several={scenarios.length > 1} />
    </section>
  );
}
