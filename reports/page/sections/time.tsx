/** Is it stable?: deliveries and latency over time. */
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { Phases } from "../phase-table.tsx";
import { UndrawnDetails } from "../undrawn-details.tsx";

export function TimeSection({ drawings, scenarios, undrawn }: PageData) {
  if (drawings.time.length === 0) return null;
  return (
    <section id="time" aria-label="Time">
      <h2>Is it stable?</h2>
      <p class="note">One trial a server: the one whose p99 is nearest the median of its trials.</p>
      <UndrawnDetails undrawn={undrawn} />
      <Figures drawings={drawings.time} several={scenarios.length > 1} />
      {scenarios
        .filter(({ cells }) => cells.some(({ phases }) => phases !== undefined))
        .map(({ scenario, cells }) => (
          <>
            <h3>Phases{scenarios.length > 1 && ` of ${scenario}`}</h3>
            <Phases cells={cells} />
          </>
        ))}
    </section>
  );
}
