/** The points of a live chart that have something to say, and which of them is meant. */

/** What is used of an item of Vega's scenegraph; a mark has items as well. */
export interface Item {
  readonly marktype?: string;
  readonly role?: string;
  readonly items?: readonly Item[];
  readonly x?: number;
  readonly y?: number;
  readonly x2?: number;
  readonly y2?: number;
  readonly width?: number;
  readonly height?: number;
  readonly datum?: Readonly<Record<string, unknown>>;
}

export interface HoverTarget {
  /** Where the tooltip stands, in the drawing's own px. */
  readonly x: number;
  readonly y: number;
  /** What it takes up: a bar or a cell is meant anywhere in it. */
  readonly box?: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  readonly datum: Readonly<Record<string, unknown>>;
}

/** How far beside a point it is still meant, in px. */
const REACH = 24;

/** All points of the marks that show data in `root`, a mark, each once, in the order in which arrow keys go through them. */
export function hoverTargets(root: Item): HoverTarget[] {
  const targets: HoverTarget[] = [];
  const known = new Set<string>();
  const visit = (mark: Item, left: number, top: number): void => {
    for (const item of mark.items ?? []) {
      const [x, y] = [left + (item.x ?? 0), top + (item.y ?? 0)];
      if (mark.marktype === "group") {
        if (mark.role !== "axis" && mark.role !== "legend" && mark.role !== "title")
          for (const inner of item.items ?? []) visit(inner, x, y);
        continue;
      }
      if (mark.role !== "mark" || item.datum === undefined || !SHOWING.has(mark.marktype ?? "")) continue;
      const target = { ...(mark.marktype === "rect" ? boxed(item, x, y) : { x, y }), datum: item.datum };
      // A line and the points on it show the same.
      const key = `${Math.round(target.x)},${Math.round(target.y)},${String(item.datum["server"])}`;
      if (known.has(key) || !Number.isFinite(target.x + target.y)) continue;
      known.add(key);
      targets.push(target);
    }
  };
  visit(root, 0, 0);
  return targets;
}

/** Text repeats what others show, rules lead the eye: neither is a figure. */
const SHOWING = new Set(["symbol", "line", "area", "rect", "trail", "arc"]);

function boxed(item: Item, x: number, y: number): Pick<HoverTarget, "x" | "y" | "box"> {
  const right = item.width === undefined ? x + (item.x2 ?? item.x ?? 0) - (item.x ?? 0) : x + item.width;
  const bottom = item.height === undefined ? y + (item.y2 ?? item.y ?? 0) - (item.y ?? 0) : y + item.height;
  return { x: (x + right) / 2, y: (y + bottom) / 2, box: { left: x, top: y, right, bottom } };
}

/** Index of the point nearest to x, y; of what these lie in, the smallest; -1 where none is near. */
export function nearestTarget(targets: readonly HoverTarget[], x: number, y: number): number {
  let [nearest, least] = [-1, REACH];
  let [inside, area] = [-1, Infinity];
  for (const [at, target] of targets.entries()) {
    const { box } = target;
    if (box !== undefined) {
      const size = (box.right - box.left) * (box.bottom - box.top);
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom && size < area) [inside, area] = [at, size];
      continue;
    }
    const distance = Math.hypot(target.x - x, target.y - y);
    if (distance < least) [nearest, least] = [at, distance];
  }
  return nearest >= 0 ? nearest : inside;
}
