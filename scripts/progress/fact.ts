import { cutTo, endOf, startOf, textWidth } from "../../reports/formats/text-width.ts";

/** One thing that a line of progress says. */
export interface Fact {
  readonly text: string;
  /** Of facts that may be left out, the one with the lowest rank goes first; without a rank it stays. */
  readonly rank?: number;
  /** May be shortened in its middle to this many columns, before anything is left out. */
  readonly least?: number;
}

/** The facts as one line of at most `width` columns; shortening already begins where less than `reserve` columns would stay free. */
export function arrange(facts: readonly Fact[], width: number, reserve = 0): string {
  const told = facts.filter(({ text }) => text !== "");
  const line = shortened(told, width - reserve);
  const ranks = told.flatMap(({ rank }) => (rank === undefined ? [] : [rank]));
  if (textWidth(line) <= width || ranks.length === 0) return cutTo(line, width);
  const lowest = Math.min(...ranks);
  return arrange(
    told.filter(({ rank }) => rank !== lowest),
    width,
    reserve,
  );
}

/** Whether {@link arrange} would have to leave one of them out. */
export function isTight(facts: readonly Fact[], width: number): boolean {
  return (
    textWidth(
      shortened(
        facts.filter(({ text }) => text !== ""),
        width,
      ),
    ) > width
  );
}

function shortened(facts: readonly Fact[], width: number): string {
  let excess = facts.reduce((sum, { text }) => sum + textWidth(text) + 2, -2) - width;
  return facts
    .map(({ text, least }) => {
      const wide = textWidth(text);
      const room = Math.max(least ?? wide, wide - Math.max(0, excess));
      if (room >= wide) return text;
      // The end of a scenario's name tells it from its neighbours: `broadcast,subscribers=1k`.
      const end = endOf(text, Math.floor(room / 2));
      const cut = `${startOf(text, room - textWidth(end) - 1)}…${end}`;
      excess -= wide - textWidth(cut);
      return cut;
    })
    .join("  ");
}
