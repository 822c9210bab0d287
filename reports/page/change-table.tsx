/** The changes of two runs, a group of rows a metric. */
import { changeText, intervalText, trialsText, sideText } from "../change-text.ts";
import type { ComparedCell } from "../comparison.ts";
import { ChangeMark } from "./change-mark.tsx";
import { cellLabel, metricNote, noneText } from "../shown-changes.ts";
import type { MetricChanges } from "../shown-changes.ts";

interface ChangeTableProps {
  readonly groups: readonly MetricChanges[];
  /** All that are compared. */
  readonly cells: readonly ComparedCell[];
}

export function ChangeTable({ groups, cells }: ChangeTableProps) {
  if (groups.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="changes">
      <table class="changes">
        <thead>
          <tr>
            <th scope="col">cell</th>
            <th scope="col">base</th>
            <th scope="col">head</th>
            <th scope="col">change</th>
            <th scope="col">95 % interval</th>
            <th scope="col" class="word">
              verdict
            </th>
            <th scope="col">trials a side that would tell</th>
            <th scope="col" class="word">
              why not
            </th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody>
            <tr>
              <th scope="rowgroup" colSpan={COLUMNS}>
                {group.rows.length === 0 ? noneText(group) : `${group.metric}${group.unit === "" ? "" : `, ${group.unit}`}`}{" "}
                <span class="muted">({metricNote(group)})</span>
              </th>
            </tr>
            {group.rows.map(({ cell, change }) => (
              <tr>
                <th scope="row">{cellLabel(cell, cells)}</th>
                <td>{sideText(change.base)}</td>
                <td>{sideText(change.head)}</td>
                <td>{changeText(change)}</td>
                <td>{intervalText(change)}</td>
                <td class="word">
                  <ChangeMark change={change} />
                </td>
                <td>{trialsText(change)}</td>
                <td class="word">{change.reason ?? ""}</td>
              </tr>
            ))}
            {group.rows.length > 0 && group.none > 0 && (
              <tr>
                <td class="muted" colSpan={COLUMNS}>
                  {noneText(group)}
                </td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
    </div>
  );
}

const COLUMNS = 8;
