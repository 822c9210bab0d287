/** Tables whose rows can be put in another order, by the button that each header becomes. */
import type { Navigation } from "./navigation.ts";
import type { Sorting } from "./page-state.ts";
import { placeOf } from "./place-of.ts";
import { sortedOrder } from "./sort-value.ts";
import { groupHeading } from "./table-grid.ts";

interface SortableTable {
  readonly table: HTMLTableElement;
  readonly place: string;
  /** By their keys, which a link names. */
  readonly headers: ReadonlyMap<string, HTMLTableCellElement>;
  /** The rows of each body as they stood at first. */
  readonly bodies: readonly { readonly body: HTMLTableSectionElement; readonly rows: readonly HTMLTableRowElement[] }[];
  sorting?: Sorting | undefined;
}

/** Makes every table sortable whose rows stand for themselves, and sorts those that the link names. */
export function makeSortable(navigation: Navigation): void {
  const tables = [...document.querySelectorAll("table")].flatMap((table) => sortableOf(table) ?? []);
  const byHeader = new Map(tables.flatMap((one) => [...one.headers].map(([column, header]) => [header, { one, column }] as const)));
  document.addEventListener("click", (event) => {
    const header = event.target instanceof Element ? event.target.closest<HTMLTableCellElement>("th") : null;
    const found = header === null || !(event.target as Element).closest("button") ? undefined : byHeader.get(header);
    if (found === undefined) return;
    navigation.go({ place: found.one.place, sorting: nextSorting(found.one.sorting, found.column) });
  });
  navigation.follow(({ place, sorting }) => {
    for (const one of tables)
      sort(one, place === one.place && sorting !== undefined && one.headers.has(sorting.column) ? sorting : undefined);
  });
}

/** Upwards, downwards, and as it was. */
function nextSorting(now: Sorting | undefined, column: string): Sorting | undefined {
  if (now?.column !== column) return { column, direction: "asc" };
  return now.direction === "asc" ? { column, direction: "desc" } : undefined;
}

function sortableOf(table: HTMLTableElement): SortableTable | undefined {
  const head = table.tHead?.rows[0];
  const place = placeOf(table)?.id;
  if (head === undefined || place === undefined || table.querySelector("[rowspan]") !== null) return undefined;
  const bodies = [...table.tBodies].map((body) => ({ body, rows: [...body.rows].filter((row) => row.cells.length === head.cells.length) }));
  if (bodies.every(({ rows }) => rows.length < 2)) return undefined;
  const headers = new Map<string, HTMLTableCellElement>();
  for (const header of head.cells) {
    headers.set(keyOf(header, headers), header);
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    header.ariaSort = "none";
  }
  return { table, place, headers, bodies };
}

/** "CPU / 1,000" as cpu-1-000; the second of two that are alike gets a number. */
function keyOf(header: HTMLTableCellElement, taken: ReadonlyMap<string, unknown>): string {
  const words = [...header.childNodes]
    .filter((node) => !(node instanceof Element && node.matches(".unit")))
    .map((node) => node.textContent);
  const base =
    words
      .join(" ")
      .toLowerCase()
      .replace(/[^\p{L}\d.]+/gu, "-")
      .replace(/^-+|-+$/g, "") || "column";
  for (let n = 1; ; n++) {
    const key = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(key)) return key;
  }
}

function sort(one: SortableTable, sorting: Sorting | undefined): void {
  if (one.sorting?.column === sorting?.column && one.sorting?.direction === sorting?.direction) return;
  one.sorting = sorting;
  const header = sorting === undefined ? undefined : one.headers.get(sorting.column);
  for (const each of one.headers.values()) {
    each.ariaSort = each === header && sorting !== undefined ? (sorting.direction === "asc" ? "ascending" : "descending") : "none";
  }
  for (const { body, rows } of one.bodies) {
    const texts = header === undefined ? [] : rows.map((row) => ownText(row.cells[header.cellIndex]!));
    const order = sorting === undefined ? rows : sortedOrder(texts, sorting.direction).map((at) => rows[at]!);
    // A group's heading stays above its rows, what is said of them below.
    const heading = groupHeading(body);
    const notes = [...body.rows].filter((row) => row !== heading && !rows.includes(row));
    body.append(...order, ...notes);
  }
}

/** Without the small print under it. */
function ownText(cell: HTMLTableCellElement): string {
  return cell.querySelector("small") === null
    ? cell.textContent
    : [...cell.childNodes]
        .filter((node) => node.nodeName !== "SMALL")
        .map((node) => node.textContent)
        .join("");
}
