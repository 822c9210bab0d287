/** A table of the page as rows of text, as the reader sees it: sorted, and without what the filter hides. */

export interface Grid {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Words of a cell, its small print after them; `unit` tells a header's unit apart. */
export function cellText(cell: Element): string {
  const words = cell.querySelector("small, .unit") === null ? cell.textContent : [...cell.childNodes].map((n) => n.textContent).join(" ");
  return words.replace(/\s+/g, " ").trim();
}

/**
 * All rows under the last line of the head. What is said once for several rows, by a cell that spans them or by a heading of their group,
 * stands in each of them; a group's heading in a column of its own, the first.
 */
export function gridOf(table: HTMLTableElement): Grid {
  const head = table.tHead?.rows[table.tHead.rows.length - 1];
  const header = head === undefined ? [] : shownCells(head).map(headText);
  const groups = [...table.tBodies].some((body) => groupHeading(body) !== undefined);
  const rows = [...table.tBodies].flatMap((body) => {
    if (body.hidden) return [];
    const heading = groupHeading(body);
    const spanning = new Map<number, { readonly text: string; left: number }>();
    return [...body.rows].flatMap((row) => {
      if (row.hidden || row === heading) return [];
      return [[...(groups ? [heading === undefined ? "" : cellText(heading.cells[0]!)] : []), ...rowTexts(row, spanning)]];
    });
  });
  return { header: groups ? ["group", ...header] : header, rows };
}

/** The row at the top of a group that is its heading and nothing else. */
export function groupHeading(body: HTMLTableSectionElement): HTMLTableRowElement | undefined {
  const [first] = body.rows;
  return first !== undefined && first.cells.length === 1 && first.cells[0]!.colSpan > 1 ? first : undefined;
}

function rowTexts(row: HTMLTableRowElement, spanning: Map<number, { readonly text: string; left: number }>): string[] {
  const texts: string[] = [];
  const fill = () => {
    for (let above = spanning.get(texts.length); above !== undefined && above.left > 0; above = spanning.get(texts.length)) {
      above.left--;
      texts.push(above.text);
    }
  };
  for (const cell of shownCells(row)) {
    fill();
    const text = cellText(cell);
    if (cell.rowSpan > 1) spanning.set(texts.length, { text, left: cell.rowSpan - 1 });
    texts.push(text);
  }
  fill();
  return texts;
}

function shownCells(row: HTMLTableRowElement): HTMLTableCellElement[] {
  return [...row.cells].filter((cell) => !cell.hidden);
}

/** "p50 (ms)". */
function headText(cell: HTMLTableCellElement): string {
  const unit = cell.querySelector(".unit")?.textContent.trim() ?? "";
  const words = cellText(cell);
  return unit === "" || !words.endsWith(unit) ? words : `${words.slice(0, -unit.length).trim()} (${unit})`;
}
