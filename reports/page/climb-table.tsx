/** Every server by every number of connections, and under it what ended its climb. */
import { isMeasured, stopText, subscribersOf } from "../climb.ts";
import type { Climb, ServerClimb } from "../climb.ts";
import { CLIMB_COLUMNS, LATENCY_COLUMN } from "../climb-column.ts";
import { fillColumns } from "../column.ts";
import type { FilledColumn } from "../column.ts";
import { lookOf } from "../charts/style.ts";
import { figureText, plainNumber } from "../figure-text.ts";
import type { Cell } from "../summary.ts";
import { ColumnHead } from "./column-head.tsx";
import { StatusMark } from "./status-mark.tsx";
import { Swatch } from "./swatch.tsx";

export function ClimbTable({ climb: { scenario, servers } }: { readonly climb: Climb }) {
  const cells = servers.flatMap((server) => server.cells);
  const columns = fillColumns(cells, CLIMB_COLUMNS);
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`servers by connections: ${scenario}`}>
      <table class="hero">
        <ColumnHead rows="connections" columns={columns} />
        {servers.map((server) => (
          <ServerRows server={server} cells={cells} columns={columns} />
        ))}
      </table>
    </div>
  );
}

interface ServerRowsProps {
  readonly server: ServerClimb;
  /** Of the whole table, as its columns are. */
  readonly cells: readonly Cell[];
  readonly columns: readonly FilledColumn[];
}

function ServerRows({ server, cells, columns }: ServerRowsProps) {
  const [first] = server.cells;
  return (
    <tbody>
      <tr class="group">
        <th scope="rowgroup" colSpan={columns.length + 1}>
          {first !== undefined && <Swatch look={lookOf(first.server, first.transport, first.library.name)} />}
          {server.server}
        </th>
      </tr>
      {server.cells.map((cell) => (
        <tr class={cell.validity.valid ? undefined : "invalid"}>
          <th scope="row">
            {plainNumber(subscribersOf(cell))} <CellStatus cell={cell} />
          </th>
          {columns.map((column) => (
            <Figure column={column} cell={cell} row={cells.indexOf(cell)} />
          ))}
        </tr>
      ))}
      {server.stop !== undefined && (
        <tr>
          <td class="stop" colSpan={columns.length + 1}>
            {stopText(server.stop)}
          </td>
        </tr>
      )}
    </tbody>
  );
}

function CellStatus({ cell }: { readonly cell: Cell }) {
  if (!isMeasured(cell)) return <StatusMark status="fail" word="failed" />;
  return cell.validity.valid ? null : <StatusMark status="invalid" />;
}

function Figure({ column: { column, values }, cell, row }: { readonly column: FilledColumn; readonly cell: Cell; readonly row: number }) {
  const value = values[row];
  if (value === undefined) return <td class="muted">–</td>;
  const ofAll = column.key === LATENCY_COLUMN && cell.deliveryLatencySource["p99"] === "population";
  return (
    <td>
      {figureText(value.summary, column.divisor).value}
      {ofAll && <small>of all</small>}
    </td>
  );
}
