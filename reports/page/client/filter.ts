/** Servers that the reader did not choose: their rows and columns are hidden, their marks in drawings nearly so. */
import type { Navigation } from "./navigation.ts";
import { isShown, serverClass, serverNamed } from "./servers.ts";
import type { PageServer } from "./servers.ts";
import { groupHeading } from "./table-grid.ts";

/** What belongs to one server: something to hide, by the server's index. */
interface Owned {
  readonly server: number;
  readonly elements: readonly HTMLElement[];
}

export function makeFilterable(navigation: Navigation, servers: readonly PageServer[]): void {
  let owned: readonly Owned[] | undefined;
  navigation.follow(({ shown }, before) => {
    if (before === undefined ? shown.length === 0 : before.shown.join() === shown.join()) return;
    // A page that nobody filters does not pay for it.
    owned ??= [...document.querySelectorAll("table")].flatMap((table) => ownedIn(table, servers));
    for (const { server, elements } of owned) {
      const hidden = !isShown(servers[server]!, shown);
      for (const element of elements) element.hidden = hidden;
    }
    dimDrawings(document, servers, shown);
  });
}

/** Dims the marks of servers not chosen in every drawing in `root`, whose axes and neighbours stay where they are. */
export function dimDrawings(root: ParentNode, servers: readonly PageServer[], shown: readonly string[]): void {
  for (const [at, server] of servers.entries()) {
    const dimmed = !isShown(server, shown);
    for (const element of root.querySelectorAll(`svg .${serverClass(at)}`)) element.classList.toggle("dimmed", dimmed);
  }
}

/**
 * Tables name their servers as a reader reads them, in a group's heading, a row's first cell, the column "server" or a column's header: to
 * mark every cell again would make the page larger.
 */
function ownedIn(table: HTMLTableElement, servers: readonly PageServer[]): Owned[] {
  const owned: Owned[] = [];
  const own = (server: number | undefined, ...elements: HTMLElement[]) => {
    if (server !== undefined) owned.push({ server, elements });
  };
  const headers = [...(table.tHead?.rows[0]?.cells ?? [])];
  const at = Math.max(
    0,
    headers.findIndex((header) => header.textContent.trim() === "server"),
  );
  for (const body of table.tBodies) {
    const heading = groupHeading(body);
    const group = heading === undefined ? spanningServer(body, servers) : serverNamed(servers, heading.textContent);
    if (group !== undefined) own(group, body);
    else for (const row of body.rows) own(row === heading ? undefined : serverNamed(servers, row.cells[at]?.textContent ?? ""), row);
  }
  for (const [column, header] of headers.entries()) {
    const server = column === 0 ? undefined : serverNamed(servers, header.textContent);
    if (server === undefined) continue;
    const below = [...table.tBodies].flatMap((body) =>
      [...body.rows].flatMap((row) => (row.cells.length === headers.length ? (row.cells[column] ?? []) : [])),
    );
    own(server, header, ...below);
  }
  return owned;
}

/** Of a body whose first cell spans all its rows. */
function spanningServer(body: HTMLTableSectionElement, servers: readonly PageServer[]): number | undefined {
  const first = body.rows[0]?.cells[0];
  return first !== undefined && first.rowSpan > 1 ? serverNamed(servers, first.textContent) : undefined;
}
