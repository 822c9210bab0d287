/** Elements of a drawing that belong to one server, told apart by a class, for a page that lets its reader choose servers. */

/** What is used of an item of Vega's scenegraph; a mark has items as well. */
export interface SceneItem {
  readonly marktype?: string;
  readonly items?: readonly SceneItem[];
  readonly datum?: unknown;
  fill?: unknown;
  stroke?: unknown;
}

/** Stands behind a colour until the drawing is text; in no colour of its own. */
const SIGN = "\ue000";
const SIGNED = new RegExp(`((?:fill|stroke)="[^"${SIGN}]*)${SIGN}([^"]*)"`, "g");

/**
 * Puts a sign behind the colours of every item whose datum names a server for which `classOf` has a class: Vega writes of an item no
 * more than how it looks.
 */
export function signItems(mark: SceneItem, classOf: (server: string) => string | undefined): void {
  // Items of these make one element together, which looks as the first of them says.
  const single = mark.marktype === "line" || mark.marktype === "area" || mark.marktype === "trail";
  for (const item of (single ? mark.items?.slice(0, 1) : mark.items) ?? []) {
    if (mark.marktype === "group") {
      for (const inner of item.items ?? []) signItems(inner, classOf);
      continue;
    }
    const found = classOf(serverOf(item.datum) ?? "");
    if (found === undefined) continue;
    if (isColor(item.fill)) item.fill = `${item.fill}${SIGN}${found}`;
    if (isColor(item.stroke)) item.stroke = `${item.stroke}${SIGN}${found}`;
  }
}

/** Makes a class of each sign. */
export function signsToClasses(svg: string): string {
  return svg.replace(/<[^<>]*>/g, (tag) => {
    if (!tag.includes(SIGN)) return tag;
    let found = "";
    const plain = tag.replace(SIGNED, (_, attribute: string, name: string) => {
      found = name;
      return `${attribute}"`;
    });
    return found === "" ? tag : plain.replace(/^<[a-z]+/, (name) => `${name} class="${found}"`);
  });
}

/** A label of an axis has its text as value. */
function serverOf(datum: unknown): string | undefined {
  const { server, value } = (datum ?? {}) as { readonly server?: unknown; readonly value?: unknown };
  return typeof server === "string" ? server : typeof value === "string" ? value : undefined;
}

function isColor(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("#");
}
