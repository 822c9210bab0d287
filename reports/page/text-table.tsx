/** A table of words: it scrolls by itself where it is wider than the page, or so long that it would push what follows out of sight. */
import { toChildArray } from "preact";
import type { ComponentChildren } from "preact";

const LONG = 12;

interface TextTableProps {
  /** What it is, for whoever hears the page. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Its rows. */
  readonly children: ComponentChildren;
}

export function TextTable({ label, columns, children }: TextTableProps) {
  return (
    <div class={toChildArray(children).length > LONG ? "scroll" : "wide"} tabIndex={0} role="region" aria-label={label}>
      <table class="text">
        <thead>
          <tr>
            {columns.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
