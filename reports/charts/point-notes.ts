/** What is said of single points of a line: a cross over one that is not to be believed, a ring where it bends, a bar where it was ended. */
import { INK } from "./style.ts";

export interface PointNote {
  readonly kind: "invalid" | "knee" | "end";
  readonly x: number;
  readonly y: number;
  /** Of a knee it stands beside the ring, of an end in the line's label; what a cross means is said beside the charts. */
  readonly word: string;
}

const MARKS: Readonly<Record<PointNote["kind"], object>> = {
  invalid: { shape: "M-1,-1L1,1M-1,1L1,-1", size: 110, strokeWidth: 2, stroke: INK.alarm.color },
  knee: { shape: "circle", size: 230, strokeWidth: 1.5, stroke: INK.fg.color },
  end: { shape: "M0,-1L0,1", size: 260, strokeWidth: 3, stroke: INK.fg.color },
};

/** Layers of a panel whose x and y are encoded as `position` says. */
export function noteLayers(notes: readonly PointNote[], position: object): object[] {
  const kinds = Object.keys(MARKS) as PointNote["kind"][];
  const present = kinds
    .map((kind) => ({ kind, values: notes.filter((note) => note.kind === kind) }))
    .filter(({ values }) => values.length > 0);
  return present.flatMap(({ kind, values }) => [
    { data: { values }, mark: { type: "point", filled: false, opacity: 1, ...MARKS[kind] }, encoding: position },
    ...(kind === "knee"
      ? [
          {
            data: { values },
            mark: { type: "text", align: "right", baseline: "bottom", dx: -7, dy: -7, fontSize: 10, color: INK.fg.color },
            encoding: { ...position, text: { field: "word" } },
          },
        ]
      : []),
  ]);
}
