/** The phases of a scenario, a row for each on each server. */
import { phaseTable } from "../phase-table.ts";
import type { Cell } from "../summary.ts";
import { StatusMark } from "./status-mark.tsx";

export function Phases({ cells }: { readonly cells: readonly Cell[] }) {
  const table = phaseTable(cells);
  if (table === undefined) return null;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`phases of ${cells[0]!.scenario}`}>
      <table class="phases">
        <thead>
          <tr>
            <th scope="col">server</th>
            <th scope="col" class="word">
              phase
            </th>
            <th scope="col">
              rate<span class="unit">1/s</span>
            </th>
            {table.columns.map(({ header, unit }) => (
              <th scope="col">
                {header}
                <span class="unit">{unit}</span>
              </th>
            ))}
          </tr>
        </thead>
        {[...new Set(table.rows.map(({ server }) => server))].map((server) => {
          const rows = table.rows.filter((row) => row.server === server);
          return (
            <tbody>
              {rows.map(({ valid, phase, rate, values }, at) => (
                <tr>
                  {at === 0 && (
                    <th scope="rowgroup" rowSpan={rows.length}>
                      {server} {!valid && <StatusMark status="invalid" />}
                    </th>
                  )}
                  <td class="word">{phase}</td>
                  <td>{rate}</td>
                  {values.map((value) => (
                    <td>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}
