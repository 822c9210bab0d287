/** Metrics down, servers across: the table for everything that has no column in the hero table. */
import { METRICS } from "../../load/metric.ts";
import { figureText } from "../figure-text.ts";
import type { Cell, MetricSummary } from "../summary.ts";

export function MetricTable({ cells, metrics }: { readonly cells: readonly Cell[]; readonly metrics: readonly string[] }) {
  const present = metrics.filter((metric) => cells.some((cell) => cell.metrics[metric] !== undefined));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`metrics of ${cells[0]?.scenario ?? "no scenario"}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">metric</th>
            <th scope="col">unit</th>
            {cells.map(({ server }) => (
              <th scope="col">{server}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {present.map((metric) => (
            <tr>
              <th scope="row" title={METRICS.get(metric)?.label}>
                <code>{metric}</code>
              </th>
              <td class="muted">{METRICS.get(metric)?.unit ?? ""}</td>
              {cells.map((cell) => (
                <td>{textOf(cell.metrics[metric])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function textOf(summary: MetricSummary | undefined): string {
  if (summary === undefined) return "–";
  const { value, low, high } = figureText(summary);
  return low === undefined || low === high ? value : `${value} [${low}–${high}]`;
}
