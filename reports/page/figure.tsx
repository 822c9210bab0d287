/** A drawing with its finding above it and its figures below. */
import { plainNumber } from "../figure-text.ts";
import type { DataTable } from "../charts/chart.ts";
import type { PageDrawing } from "./page-data.ts";

export function Figure({ drawing }: { readonly drawing: PageDrawing }) {
  const { name, caption, svg, table } = drawing;
  return (
    <figure id={name}>
      <figcaption id={`${name}-caption`}>{caption}</figcaption>
      {/* The drawing is Vega's, which escapes every text in it; the role makes it one image with the finding as its name. */}
      <div role="img" aria-labelledby={`${name}-caption`} dangerouslySetInnerHTML={{ __html: svg }} />
      <details>
        <summary>the figures of this chart</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={`figures: ${caption}`}>
          <FiguresTable table={table} />
        </div>
      </details>
    </figure>
  );
}

/** All figures of one section, under the scenario's name where the run has several. */
export function Figures({ drawings, several }: { readonly drawings: readonly PageDrawing[]; readonly several: boolean }) {
  return (
    <>
      {drawings.map((drawing, at) => (
        <>
          {several && drawings[at - 1]?.scenario !== drawing.scenario && <h3>{drawing.scenario}</h3>}
          <Figure drawing={drawing} />
        </>
      ))}
    </>
  );
}

function FiguresTable({ table: { header, rows } }: { readonly table: DataTable }) {
  return (
    <table>
      <thead>
        <tr>
          {header.map((name) => (
            <th scope="col">{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr>
            <th scope="row">{cellText(first)}</th>
            {rest.map((value) => (
              <td>{cellText(value)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cellText(value: string | number | undefined): string {
  return value === undefined ? "–" : typeof value === "number" ? plainNumber(value) : value;
}
