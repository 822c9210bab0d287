/** Is it correct, not only fast: every message accounted for, and what connecting took. */
import { counted } from "../../figure-text.ts";
import type { Cell } from "../../summary.ts";
import { MetricTable } from "../metric-table.tsx";
import type { PageData } from "../page-data.ts";

const FAULTS = ["lost", "duplicated", "reordered", "late", "corrupt"];
const METRICS = [
  "messages_published",
  "messages_expected",
  "messages_delivered",
  ...FAULTS.map((fault) => `messages_${fault}`),
  "publish_achieved",
  "connect_latency_ms.p50",
  "connect_latency_ms.p99",
  "connect_rate",
  "reconnects",
  "request_rate",
  "server_dropped_for_backpressure",
];

export function DeliverySection({ scenarios }: PageData) {
  const measured = scenarios.filter(({ cells }) => cells.some((cell) => METRICS.some((metric) => cell.metrics[metric] !== undefined)));
  if (measured.length === 0) return null;
  return (
    <section id="delivery" aria-label="Delivery">
      <h2>Is it correct, not only fast?</h2>
      {measured.map(({ scenario, cells }) => (
        <>
          {scenarios.length > 1 && <h3>{scenario}</h3>}
          <p>{finding(cells)}</p>
          <MetricTable cells={cells} metrics={METRICS} />
        </>
      ))}
    </section>
  );
}

/** By the worst trial, for a median would hide what happened once. */
function finding(cells: readonly Cell[]): string {
  const faults = cells.flatMap(({ server, metrics }) =>
    FAULTS.flatMap((fault) => {
      const worst = Math.max(0, ...(metrics[`messages_${fault}`]?.values ?? []));
      return worst > 0 ? [`${server}: ${counted(worst, "message")} ${fault}`] : [];
    }),
  );
  const unknown = cells.filter(({ metrics }) => metrics["messages_lost"] === undefined).length;
  const gap = unknown > 0 ? ` ${counted(unknown, "server")} without a count.` : "";
  if (faults.length > 0) return `Not every message arrived once and in order (in the worst trial): ${faults.join("; ")}.${gap}`;
  return unknown === cells.length ? "No server has a count." : `Every counted message arrived, once and in order.${gap}`;
}
