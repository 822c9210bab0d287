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
  if (line.length <= width || ranks.length === 0) return fit(line, width);
  const lowest = Math.min(...ranks);
  return arrange(
    told.filter(({ rank }) => rank !== lowest),
    width,
    reserve,
  );
}

/** Cut to the width, for a line that wraps cannot be redrawn. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function shortened(facts: readonly Fact[], width: number): string {
  let excess = facts.reduce((sum, { text }) => sum + text.length + 2, -2) - width;
  return facts
    .map(({ text, least = text.length }) => {
      const room = Math.max(least, text.length - Math.max(0, excess));
      if (room >= text.length) return text;
      excess -= text.length - room;
      // The end of a scenario's name tells it from its neighbours: `broadcast,subscribers=1k`.
      const tail = Math.floor(room / 2);
      return `${text.slice(0, room - tail - 1)}…${text.slice(text.length - tail)}`;
    })
    .join("  ");
}
