/** When did it stall?: latency against time, a heatmap a server. */
import { STALL_RULE } from "../../charts/stalls.ts";
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { UndrawnDetails } from "../undrawn-details.tsx";

export function HeatmapSection({ drawings, scenarios, undrawn }: PageData) {
  if (drawings.heatmap.length === 0) return null;
  return (
    <section id="heatmap" aria-label="Heatmap">
      <h2>When did it stall?</h2>
      <p class="note">
        One trial a server, at all subscribers; the brighter a cell, the more deliveries, on a logarithmic scale. A stall is where{" "}
        {STALL_RULE}: a column that reaches up. What comes back at an interval shows as waves.
      </p>
      <UndrawnDetails undrawn={undrawn} />
      <Figures drawings={drawings.heatmap} several={scenarios.length > 1} />
    </section>
  );
}
