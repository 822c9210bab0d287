/** Where does it break: each server at several numbers of connections, and why it went no further. */
import { cellsOf } from "../../climb.ts";
import type { Climb } from "../../climb.ts";
import { climbFindings } from "../../climb-finding.ts";
import { ClimbTable } from "../climb-table.tsx";
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";

export function ScaleSection({ climbs, drawings }: PageData) {
  if (climbs.length === 0) return null;
  const several = climbs.length > 1;
  return (
    <section id="scale" aria-label="Scale">
      <h2>Where does it break?</h2>
      <p class="note">{legend(climbs)}</p>
      {climbs.map((climb) => (
        <>
          {several && <h3>{climb.scenario}</h3>}
          {climbFindings(climb).map((finding) => (
            <p>{finding}.</p>
          ))}
          <ClimbTable climb={climb} />
          <Figures drawings={drawings.scale.filter(({ scenario }) => scenario === climb.scenario)} several={false} />
        </>
      ))}
    </section>
  );
}

/** Of the marks that are there to be seen. */
function legend(climbs: readonly Climb[]): string {
  const invalid = climbs.some((climb) => cellsOf(climb).some((cell) => !cell.validity.valid));
  const stopped = climbs.some(({ servers }) => servers.some(({ stop }) => stop !== undefined));
  return [
    "Both axes of the charts are logarithmic: what grows in proportion to the connections rises by the same slope everywhere.",
    ...(invalid ? ["A cross over a point: its cell is invalid."] : []),
    ...(stopped ? ["A bar at the end of a line: the server went no further, for the reason in the table."] : []),
    "A poller's p99 is mostly the interval it polls at.",
  ].join(" ");
}
