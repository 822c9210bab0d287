/** Has it changed: the figures of each cell over the runs that the history knows, and at which commit they changed. */
import { CHANGE_LIMITS, LEAST_POINTS } from "../../change-points.ts";
import { counted } from "../../figure-text.ts";
import { intervalText, placesText, timeText } from "../../trend-text.ts";
import type { Trend, TrendChange } from "../../trend.ts";
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { StatusMark } from "../status-mark.tsx";
import { TextTable } from "../text-table.tsx";

/** Of more the drawings tell. */
const CHANGES_SHOWN = 20;

export function TrendSection({ trends: { drawn, left }, drawings, scenarios }: PageData) {
  if (drawn.length === 0) return null;
  const changes = drawn
    .flatMap((trend) => trend.changes.map((change) => ({ trend, change })))
    .toSorted((a, b) => (a.change.after.at < b.change.after.at ? 1 : -1));
  return (
    <section id="trend" aria-label="Trend">
      <h2>Has it changed?</h2>
      <p class="note">{note(drawn, left)}</p>
      {changes.length > 0 && (
        <TextTable
          label="changes"
          columns={["server", "scenario", "figure", "verdict", "change (95 % interval)", "between", "run at (UTC)"]}
        >
          {changes.slice(0, CHANGES_SHOWN).map(row)}
        </TextTable>
      )}
      {changes.length > CHANGES_SHOWN && <p class="note">{counted(changes.length - CHANGES_SHOWN, "older change")} in the charts.</p>}
      <Figures drawings={drawings.trend} several={scenarios.length > 1} />
    </section>
  );
}

function row({ trend, change }: { readonly trend: Trend; readonly change: TrendChange }) {
  return (
    <tr>
      <th scope="row">{trend.series.server}</th>
      <td>{trend.series.scenario}</td>
      <td>{trend.metric.label}</td>
      <td>
        <StatusMark status={change.verdict === "worse" ? "fail" : "pass"} word={change.verdict} />
      </td>
      <td>{intervalText(change)}</td>
      <td>{placesText(change)}</td>
      <td>{timeText(change.after.at)}</td>
    </tr>
  );
}

function note(drawn: readonly Trend[], left: number): string {
  const most = Math.max(...drawn.map(({ points }) => points.length));
  return [
    "Runs of the same workload in the same class of environment, in the order of their commits: the median of each, in the band of its interval.",
    most < LEAST_POINTS
      ? `It takes ${LEAST_POINTS} valid points to tell a change.`
      : `A dashed rule is where the level changed by ${CHANGE_LIMITS.size * 100} % and more, by E-divisive means and Student's t; the axes do not begin at 0.`,
    ...(left === 0 ? [] : [`${counted(left, "trend")} not drawn, none of which got worse later than those that are.`]),
  ].join(" ");
}
