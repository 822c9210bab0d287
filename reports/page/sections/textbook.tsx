/** What textbooks say, each claim beside what was measured. */
import { counted } from "../../figure-text.ts";
import { VERDICT_WORDS } from "../../textbook.ts";
import type { ClaimResult } from "../../textbook/claim.ts";
import type { PageData } from "../page-data.ts";
import { StatusMark } from "../status-mark.tsx";
import type { Status } from "../status-mark.tsx";
import { TextTable } from "../text-table.tsx";

const MARKS: Readonly<Record<ClaimResult["verdict"], Status>> = { holds: "pass", fails: "fail", part: "warning", open: "warning" };

export function TextbookSection({ summary }: PageData) {
  const { textbook } = summary;
  if (textbook === undefined) return null;
  const holding = textbook.filter(({ verdict }) => verdict === "holds").length;
  return (
    <section id="textbook" aria-label="Textbook">
      <h2>What textbooks say</h2>
      <p class="note">
        {holding} of {counted(textbook.length, "claim")} held on this machine, on these servers. Trials of the run show some of them; the
        others take an experiment of their own, made after the trials on fresh servers.
      </p>
      <TextTable label="what textbooks say" columns={["claim", "measured", "holds?"]}>
        {textbook.map(({ claim, measured, verdict }) => (
          <tr>
            <th scope="row" class="sentence">
              {claim}
            </th>
            <td>{measured}</td>
            <td>
              <StatusMark status={MARKS[verdict]} word={VERDICT_WORDS[verdict]} />
            </td>
          </tr>
        ))}
      </TextTable>
    </section>
  );
}
