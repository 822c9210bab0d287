/** Drawings without what says nothing: Vega names the font on every text and paints a background of no size behind every group. */
import { slimTree } from "./slim-tree.ts";
import { formatSvg, parseSvg } from "./svg-tree.ts";

const GEOMETRY = / (?:d|transform|x[12]?|y[12]?|width|height)="[^"]*"/g;
const FONT = / font-family="[^"]*"/g;

/**
 * The same drawing in a third of the text: its font once, at the root, where all texts agree; coordinates to a tenth of a pixel; no
 * empty groups and no defaults. Only markup is looked at, for a name between two tags may look like any of it.
 */
export function compact(svg: string): string {
  const fonts = new Set(svg.match(FONT));
  const [font] = fonts.size === 1 ? fonts : [];
  const slim = svg.replace(/(?:<[^>]*>)+/g, (markup) => slimmed(font === undefined ? markup : markup.replace(FONT, "")));
  const tree = parseSvg(font === undefined ? slim : slim.replace("<svg", () => `<svg${font}`));
  slimTree(tree);
  return formatSvg(tree);
}

function slimmed(markup: string): string {
  return (
    markup
      // Behind every group, without a colour or without a size.
      .replace(/<path class="background"(?: (?:d|pointer-events|opacity)="[^"]*")*\/>/g, "")
      .replace(/<path class="foreground" d=""[^>]*\/>/g, "")
      // A drawing that is one image has nothing to point at; the others are what they are where they are not said.
      .replace(
        / (?:pointer-events="none"|opacity="1"|stroke-width="1"|font-weight="normal"|text-anchor="start"|transform="translate\(0,0\)")/g,
        "",
      )
      .replace(/ class="mark-(?:group|[a-z]+ role-(?:axis|legend|title|scope)[^"]*)[^"]*"/g, "")
      .replace(GEOMETRY, (attribute) => attribute.replace(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10)))
      .replace(/<g><\/g>/g, "")
  );
}
