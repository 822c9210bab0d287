/** All figures: every metric of every cell. */
import { METRICS } from "../../../load/metric.ts";
import { MetricTable } from "../metric-table.tsx";
import type { PageData } from "../page-data.ts";

export function DataSection({ scenarios }: PageData) {
  if (scenarios.every(({ cells }) => cells.every((cell) => Object.keys(cell.metrics).length === 0))) return null;
  return (
    <section id="data" aria-label="Data">
      <h2>Every figure</h2>
      <p class="note">The same stands in summary.json, with the value of each trial; the trials' own files have the histograms.</p>
      {scenarios.map(({ scenario, cells }) => {
        const names = new Set(cells.flatMap((cell) => Object.keys(cell.metrics)));
        const metrics = [...METRICS.keys()].filter((name) => names.has(name));
        const others = [...names].filter((name) => !METRICS.has(name)).toSorted();
        return (
          <details open={scenarios.length === 1}>
            <summary>
              {scenario}: {names.size} metrics of {cells.length} servers
            </summary>
            <MetricTable cells={cells} metrics={[...metrics, ...others]} />
          </details>
        );
      })}
    </section>
  );
}
