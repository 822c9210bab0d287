/** Text that is looked for at a place, compared in two steps. */

/** The first and the last eight bytes, as doubles. */
export interface Literal {
  readonly length: number;
  readonly first: number;
  readonly last: number;
}

/** Of ASCII, 8 to 16 characters: such bytes make no zero and no NaN, so doubles are equal where all bits are. */
export function literal(text: string): Literal {
  const bytes = Buffer.from(text);
  const { length } = bytes;
  return { length, first: bytes.readDoubleLE(0), last: bytes.readDoubleLE(length - 8) };
}

/** Whether it stands at `at`; all of it must lie in the view. */
export function stands({ length, first, last }: Literal, view: DataView, at: number): boolean {
  return view.getFloat64(at, true) === first && view.getFloat64(at + length - 8, true) === last;
}
