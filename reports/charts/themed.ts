/** A drawing of Vega as a part of a page. */
import { COLOR_VARIABLES } from "./style.ts";

/**
 * A drawing for a page: its colours become custom properties with the light colour as fallback (so it has axes even where styles
 * are off), and its ids get `name` in front, for many drawings share a page.
 */
export function themed(svg: string, name: string): string {
  let themedSvg = svg;
  for (const [variable, color] of COLOR_VARIABLES) {
    themedSvg = themedSvg.replaceAll(`="${color}"`, `="var(--${variable},${color})"`);
  }
  return themedSvg
    .replace(/\bid="((?:clip|gradient)[^"]*)"/g, `id="${name}-$1"`)
    .replace(/url\(#((?:clip|gradient)[^)]*)\)/g, `url(#${name}-$1)`);
}
