/** The table of the first screen: every server by every figure, with its interval and how far it is from the best. */
import { fillColumns } from "../column.ts";
import type { Column, ColumnValue } from "../column.ts";
import { lookOf } from "../charts/style.ts";
import { factorText, figureText } from "../figure-text.ts";
import { isClosedLoop } from "../summary.ts";
import type { Cell } from "../summary.ts";
import type { PageData } from "./page-data.ts";
import { ColumnHead } from "./column-head.tsx";
import { StatusMark } from "./status-mark.tsx";
import { Swatch } from "./swatch.tsx";

export function HeroTable({ summary, scenarios }: PageData) {
  const columns = fillColumns(summary.cells);
  // A factor is against the best of its own scenario; the columns are those of the whole table.
  const groups = scenarios.map(({ scenario, cells }) => ({ scenario, cells, filled: fillColumns(cells, columns.map(oneMetric)) }));
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="servers compared">
      <table class="hero">
        <ColumnHead rows="server" columns={columns} />
        {groups.map(({ scenario, cells, filled }) => (
          <tbody>
            {groups.length > 1 && (
              <tr class="group">
                <th scope="rowgroup" colSpan={columns.length + 1}>
                  {scenario}
                </th>
              </tr>
            )}
            {cells.map((cell, row) => (
              <tr class={cell.validity.valid ? undefined : "invalid"}>
                <ServerName cell={cell} />
                {columns.map(({ column }) => (
                  <Figure column={column} value={filled.find((other) => other.column.key === column.key)?.values[row]} />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** The column held to the metric that the whole table chose, so that no scenario shows RSS under a header that says USS. */
function oneMetric({ column, header }: { readonly column: Column; readonly header: string }): Column {
  return { ...column, metrics: column.metrics.filter(([, name]) => name === header) };
}

function ServerName({ cell }: { readonly cell: Cell }) {
  return (
    <th scope="row">
      <Swatch look={lookOf(cell.server, cell.transport, cell.library.name)} />
      {cell.server}
      {isClosedLoop(cell) && <small>closed loop: maximum throughput; latency not comparable</small>}
      {!cell.validity.valid && (
        <>
          {" "}
          <StatusMark status="invalid" />
        </>
      )}
    </th>
  );
}

function Figure({ column, value }: { readonly column: Column; readonly value: ColumnValue | undefined }) {
  if (value === undefined) return <td class="muted">–</td>;
  const { value: text, low, high } = figureText(value.summary, column.divisor);
  const factor = value.factor === undefined ? "" : factorText(value.factor);
  const interval = low === undefined || low === high ? "" : `[${low}–${high}]`;
  const small = [interval, factor].filter((part) => part !== "").join(" ");
  return (
    <td class={value.factor === 1 ? "best" : undefined}>
      {text}
      {small !== "" && <small>{small}</small>}
    </td>
  );
}
