/** Can this run be believed: every remark on validity, the generator's load, the publisher's lag. */
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { noiseNote } from "../../noise-note.ts";
import { steadinessNote } from "../../steadiness-note.ts";
import { StatusMark } from "../status-mark.tsx";
import { UndrawnDetails } from "../undrawn-details.tsx";
import { TextTable } from "../text-table.tsx";

export function TrustSection({ run, verdict, summary, drawings, scenarios, undrawn }: PageData) {
  if (summary.cells.length === 0) return null;
  const steadiness = steadinessNote(run.measurements);
  const valid = summary.cells.filter((cell) => cell.validity.valid).length;
  return (
    <section id="trust" aria-label="Trust">
      <h2>Can this run be believed?</h2>
      <p>
        {valid} of {summary.cells.length} cells are valid
        {verdict.doubts.length === 0 ? ", and nothing was remarked on any of them." : "."}
      </p>
      {steadiness !== undefined && <p>{steadiness}</p>}
      <p>{noiseNote(run.noise)}</p>
      {verdict.doubts.length > 0 && (
        <TextTable label="remarks on validity" columns={["weight", "server", "scenario", "what was seen", "what to change"]}>
          {verdict.doubts.map(({ severity, server, scenario, message, advice }) => (
            <tr>
              <td>
                <StatusMark status={severity} />
              </td>
              <td class="name">{server}</td>
              <td>{scenario}</td>
              <td>{message}</td>
              <td>{advice}</td>
            </tr>
          ))}
        </TextTable>
      )}
      {drawings.trust.some(({ name }) => name.startsWith("trial-spread-")) && (
        <UndrawnDetails undrawn={undrawn} what="the spread of trials" />
      )}
      <Figures drawings={drawings.trust} several={scenarios.length > 1} />
    </section>
  );
}
