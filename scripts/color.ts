import { createColors } from "picocolors";

/** Colours, or the same functions doing nothing. */
export type Paint = ReturnType<typeof createColors>;

interface Stream {
  readonly isTTY?: boolean;
}

/**
 * Whether a stream takes colour: `--color` / `--no-color`, then PUSHBENCH_COLOR, then FORCE_COLOR and NO_COLOR (in Node's own order),
 * then whether it is a terminal. Not picocolors' own rule, which colours pipes wherever CI is set.
 */
export function wantsColor(stream: Stream, argv: readonly string[] = process.argv, env: NodeJS.ProcessEnv = process.env): boolean {
  const flag = argv.findLast((word) => word === "--color" || word === "--no-color");
  if (flag !== undefined) return flag === "--color";
  const { PUSHBENCH_COLOR: own, FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (own !== undefined && own !== "") return isOn(own);
  if (force !== undefined && force !== "") return isOn(force);
  if (no !== undefined && no !== "") return false;
  return stream.isTTY === true && term !== "dumb";
}

export function paintFor(stream: Stream): Paint {
  return createColors(wantsColor(stream));
}

function isOn(value: string): boolean {
  return value !== "0" && value !== "false" && value !== "no";
}
