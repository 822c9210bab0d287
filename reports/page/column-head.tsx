/** The head of a table of figures: what its rows are, then each column with its unit. */
import type { FilledColumn } from "../column.ts";

export function ColumnHead({ rows, columns }: { readonly rows: string; readonly columns: readonly FilledColumn[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{rows}</th>
        {columns.map(({ column, header }) => (
          <th scope="col">
            {header}
            <span class="unit">{column.unit}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}
