/** How much does it carry: of a capacity search, the bracket of each server, and latency against load. */
import { VARIED } from "../../../load/capacity-record.ts";
import type { CapacityAnswer, ServerCapacity } from "../../../load/capacity-record.ts";
import { answerMark, answerText, levelText, sloText, whyText } from "../../capacity.ts";
import { counted } from "../../figure-text.ts";
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { StatusMark } from "../status-mark.tsx";

/** Of more the table tells. */
const ANSWERS_SHOWN = 3;

export function CapacitySection({ run: { capacity }, drawings }: PageData) {
  if (capacity === undefined) return null;
  const { question, servers } = capacity;
  const { vary, slo, scenario, confirmMs } = question;
  const bracketed = servers.filter(({ answer }) => answerMark(answer) === "bracket").length;
  return (
    <section id="capacity" aria-label="Capacity">
      <h2 class="unseen">How much does each server carry?</h2>
      {servers.length <= ANSWERS_SHOWN &&
        servers.map((server) => (
          <p class="answer">
            {server.server}: {answerText(question, server)}.
          </p>
        ))}
      {servers.length > ANSWERS_SHOWN && (
        <p class="answer">
          How much {servers.length} servers carry: {counted(bracketed, "bracket")}.
        </p>
      )}
      {servers.length === 0 && <p class="answer">No server was searched.</p>}
      <p class="note">
        {vary} of {scenario.name}, while <code>{sloText(slo)}</code>, each level on fresh servers by two of three trials of{" "}
        {scenario.durationMs / 1000} s, the level found by two of three of {confirmMs / 1000} s.
      </p>
      {servers.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label="brackets">
          <table>
            <thead>
              <tr>
                <th scope="col">server</th>
                <th scope="col">
                  held<span class="unit">{VARIED[vary]}</span>
                </th>
                <th scope="col">
                  broke<span class="unit">{VARIED[vary]}</span>
                </th>
                <th scope="col">answer</th>
                <th scope="col">confirmed</th>
                <th scope="col">trials</th>
                <th scope="col" class="word">
                  what broke first, or ended the search
                </th>
              </tr>
            </thead>
            <tbody>{servers.map(row)}</tbody>
          </table>
        </div>
      )}
      <Figures drawings={drawings.capacity} several={false} />
    </section>
  );
}

function row(found: ServerCapacity) {
  const { server, answer, points } = found;
  return (
    <tr>
      <th scope="row">{server}</th>
      <td>{answer.held === undefined ? "–" : levelText(answer.held)}</td>
      <td>{answer.broke === undefined ? "–" : levelText(answer.broke)}</td>
      <td>
        <Mark answer={answer} />
      </td>
      <td>{answer.confirmed ? "yes" : "no"}</td>
      <td title={counted(points.length, "trial")}>{points.length}</td>
      <td class="word">{whyText(found)}</td>
    </tr>
  );
}

function Mark({ answer }: { readonly answer: CapacityAnswer }) {
  const word = answerMark(answer);
  return <StatusMark status={word === "bracket" ? "pass" : "warning"} word={word} />;
}
