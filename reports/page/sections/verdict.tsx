/** The first screen: the answer, what must be known before believing it, the hero table, the ranges. */
import { fillColumns, showsFactors } from "../../column.ts";
import { intervalNote } from "../../verdict.ts";
import { Figures } from "../figure.tsx";
import { HeroTable } from "../hero-table.tsx";
import type { PageData } from "../page-data.ts";
import { StatusMark } from "../status-mark.tsx";
import { Thresholds } from "../threshold-table.tsx";

/** Doubts that fit the first screen; the rest stand under Trust. */
const DOUBTS_SHOWN = 2;

export function VerdictSection(data: PageData) {
  const { run, verdict, scenarios, summary, drawings } = data;
  const several = scenarios.length > 1;
  const factors = scenarios.some(({ cells }) => showsFactors(fillColumns(cells)));
  const invalid = verdict.doubts.filter(({ severity }) => severity === "invalid");
  const warnings = verdict.doubts.length - invalid.length;
  const shown = invalid.slice(0, DOUBTS_SHOWN);
  const more = invalid.length - shown.length + warnings;
  // Of a search the levels are no answers: those stand above.
  const answers = run.capacity === undefined ? verdict.answers : [];
  return (
    <section id="verdict" aria-label="Verdict">
      <h2 class="unseen">Which transport wins?</h2>
      {answers.map(({ scenario, text }) => (
        <p class="answer">
          {several && <span class="scenario">{scenario}: </span>}
          {text}.
        </p>
      ))}
      {verdict.answers.length === 0 && <p class="answer">No trial was saved: there is nothing to compare.</p>}
      {(verdict.notices.length > 0 || verdict.doubts.length > 0) && (
        <ul class="notices">
          {verdict.notices.map((notice) => (
            <li>
              <StatusMark status="warning" word="note" /> {notice}
            </li>
          ))}
          {shown.map(({ server, scenario, message }) => (
            <li>
              <StatusMark status="invalid" /> <b>{server}</b>
              {several && ` in ${scenario}`}: {message}
            </li>
          ))}
          {more > 0 && (
            <li>
              <StatusMark status="warning" word={String(more)} /> more {more === 1 ? "remark" : "remarks"} on validity under{" "}
              <a href="#trust">Trust</a>
            </li>
          )}
        </ul>
      )}
      {summary.cells.length > 0 && <HeroTable {...data} />}
      <p class="note">
        {intervalNote(summary)}
        {factors && " ×: times worse than the best valid cell."} CPU is the server's, per 1,000 deliveries.
      </p>
      <Figures drawings={drawings.verdict} several={several} />
      <Thresholds cells={summary.cells} />
    </section>
  );
}
