/** Thresholds with their verdicts, an icon and a word each. */
import { plainNumber } from "../figure-text.ts";
import type { Cell } from "../summary.ts";
import { thresholdText } from "../threshold.ts";
import type { ThresholdResult } from "../threshold.ts";
import { StatusMark } from "./status-mark.tsx";
import { TextTable } from "./text-table.tsx";

export function Thresholds({ cells }: { readonly cells: readonly Cell[] }) {
  const rows = cells.flatMap((cell) => cell.thresholds.map((result) => ({ cell, result })));
  if (rows.length === 0) return null;
  const spoilt = rows.filter(({ result }) => result.verdict === "invalid").length;
  const passed = rows.filter(({ result }) => result.verdict === "pass").length;
  return (
    <details open={rows.some(({ result }) => result.verdict === "fail" || result.verdict === "no-data")}>
      <summary>
        thresholds: {passed} of {rows.length} passed
        {spoilt > 0 && `, ${spoilt} not judged, for their cells are invalid`}
      </summary>
      <TextTable label="thresholds" columns={["verdict", "server", "scenario", "threshold", "trials had"]}>
        {rows.map(({ cell, result }) => (
          <tr>
            <td>
              <Mark result={result} />
            </td>
            <td class="name">{cell.server}</td>
            <td>{cell.scenario}</td>
            <td>
              <code>{thresholdText(result)}</code>
              {result.level === "warn" && " (warning only)"}
            </td>
            <td>{result.values.map(plainNumber).join(", ") || "–"}</td>
          </tr>
        ))}
      </TextTable>
    </details>
  );
}

function Mark({ result: { verdict, level } }: { readonly result: ThresholdResult }) {
  if (verdict === "pass" || verdict === "invalid") return <StatusMark status={verdict} />;
  return <StatusMark status={level === "warn" ? "warning" : "fail"} word={verdict === "fail" ? "fail" : "no data"} />;
}
