/** What changed since another run, and how sure that is. */
import { comparisonFinding, differenceTexts, DRIFT_NOTE, ruleNote, runText } from "../../comparison-finding.ts";
import { counted } from "../../figure-text.ts";
import { ChangeTable } from "../change-table.tsx";
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { StatusMark } from "../status-mark.tsx";
import { hiddenCount, shownChanges } from "../../shown-changes.ts";

export function CompareSection({ comparison, drawings }: PageData) {
  if (comparison === undefined) return null;
  const { base, cells } = comparison;
  const several = new Set(cells.map(({ scenario }) => scenario)).size > 1;
  const hidden = hiddenCount(comparison);
  return (
    <section id="compare" aria-label="Compare">
      <h2>What changed?</h2>
      <p class="answer">{comparisonFinding(comparison)}.</p>
      <p class="note">
        Compared with {base.directory} ({runText(base)}).
      </p>
      <ul class="notices">
        {[...differenceTexts(comparison), DRIFT_NOTE].map((text) => (
          <li>
            <StatusMark status="warning" word="note" /> {text}
          </li>
        ))}
      </ul>
      <Figures drawings={drawings.compare} several={several} />
      <ChangeTable groups={shownChanges(comparison)} cells={cells} />
      <p class="note">
        {hidden > 0 &&
          `${counted(hidden, "comparison")} of further metrics, none better or worse, are told by pushbench compare with --all or --json. `}
        {cells.length > 0 && ruleNote(comparison)}
      </p>
    </section>
  );
}
