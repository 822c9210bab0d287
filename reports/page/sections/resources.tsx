/** What did the servers need?: CPU, memory and descriptors over time. */
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { UndrawnDetails } from "../undrawn-details.tsx";

export function ResourcesSection({ drawings, scenarios, undrawn }: PageData) {
  if (drawings.resources.length === 0) return null;
  return (
    <section id="resources" aria-label="Resources">
      <h2>What did the servers need?</h2>
      <p class="note">
        One trial a server, read from outside its process; shaded is what lies outside the measured window
        {scenarios.some(({ cells }) => cells.some(({ phases }) => phases !== undefined)) && ", and lightly every other phase within it"}.
      </p>
      <UndrawnDetails undrawn={undrawn} />
      <Figures drawings={drawings.resources} several={scenarios.length > 1} />
    </section>
  );
}
