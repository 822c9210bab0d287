/** Passes over a drawing's tree that leave what is seen as it is, and less text to say it. */
import { elementsIn } from "./svg-tree.ts";
import type { SvgElement } from "./svg-tree.ts";

/** What children take over from the group they are in; opacity and clips work on a group as a whole. */
const INHERITED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor"];

/** All passes, each of which needs the one before. */
export function slimTree(svg: SvgElement): void {
  clipOnce(svg);
  slimElement(svg);
}

function slimElement(element: SvgElement): void {
  for (const child of elementsIn(element)) slimElement(child);
  if (element.name === "text") placeText(element.attributes);
  if (element.name === "path") shortenPath(element.attributes);
  // A dash without gaps.
  if (element.attributes.get("stroke-dasharray") === "1,0") element.attributes.delete("stroke-dasharray");
  if (element.name === "g" || element.name === "svg") {
    element.children = element.children.flatMap((child) =>
      typeof child !== "string" && child.name === "g" && (child.attributes.size === 0 || child.children.length === 0)
        ? child.children
        : [child],
    );
    if (element.name === "g") hoist(element);
  }
}

/** What all of a group say of themselves the group says once; each mark of the data goes on to say it of itself. */
function hoist(group: SvgElement): void {
  const children = elementsIn(group);
  if (children.length < 2 || group.attributes.has("class")) return;
  for (const attribute of INHERITED) {
    const value = children[0]!.attributes.get(attribute);
    if (value === undefined || group.attributes.has(attribute)) continue;
    if (!children.every((child) => child.attributes.get(attribute) === value)) continue;
    for (const child of children) child.attributes.delete(attribute);
    group.attributes.set(attribute, value);
  }
}

/** Vega moves a text where it could place it. */
function placeText(attributes: Map<string, string>): void {
  const [, x, y] = /^translate\(([-\d.e]+),([-\d.e]+)\)$/.exec(attributes.get("transform") ?? "") ?? [];
  if (x === undefined || y === undefined || attributes.has("x") || attributes.has("y")) return;
  attributes.delete("transform");
  if (x !== "0") attributes.set("x", x);
  if (y !== "0") attributes.set("y", y);
}

const POLYLINE = /^M-?[\d.]+,-?[\d.]+(?:L-?[\d.]+,-?[\d.]+)+Z?$/;

/** A line of points, each from the one before: in tenths of a pixel, so that no error adds up. */
function shortenPath(attributes: Map<string, string>): void {
  const path = attributes.get("d") ?? "";
  if (!POLYLINE.test(path)) return;
  const points = [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(
    ([, x, y]) => [Math.round(Number(x) * 10), Math.round(Number(y) * 10)] as const,
  );
  let text = "";
  let [lastX, lastY] = [0, 0];
  for (const [at, [x, y]] of points.entries()) {
    const [dx, dy] = [x - lastX, y - lastY];
    const across = tenths(dx);
    const separated = at < 2 || across.startsWith("-") ? "" : " ";
    text += `${at === 0 ? "M" : at === 1 ? "l" : separated}${across}${dy < 0 ? "" : ","}${tenths(dy)}`;
    [lastX, lastY] = [x, y];
  }
  attributes.set("d", path.endsWith("Z") ? `${text}Z` : text);
}

function tenths(value: number): string {
  return String(value / 10).replace(/^(-?)0\./, "$1.");
}

/** Every layer of a panel is clipped to the same rectangle: one of them serves all. */
function clipOnce(svg: SvgElement): void {
  const first = new Map<string, string>();
  const renamed = new Map<string, string>();
  const visit = (element: SvgElement): void => {
    element.children = element.children.filter((child) => {
      if (typeof child === "string" || child.name !== "clipPath") return true;
      const id = child.attributes.get("id") ?? "";
      const shape = JSON.stringify(elementsIn(child).map(({ name, attributes }) => [name, [...attributes]]));
      const known = first.get(shape);
      if (known === undefined) first.set(shape, id);
      else renamed.set(`url(#${id})`, `url(#${known})`);
      return known === undefined;
    });
    for (const child of elementsIn(element)) visit(child);
  };
  visit(svg);
  const rename = (element: SvgElement): void => {
    const to = renamed.get(element.attributes.get("clip-path") ?? "");
    if (to !== undefined) element.attributes.set("clip-path", to);
    for (const child of elementsIn(element)) rename(child);
  };
  if (renamed.size > 0) rename(svg);
}
