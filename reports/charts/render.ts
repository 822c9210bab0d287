/** Vega-Lite specifications drawn as SVG text, without a browser and without a network. */
import * as vega from "vega";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";
import { printableDocument } from "../formats/escape.ts";
import { compact } from "./compact.ts";
import { OFFLINE, remarksTo } from "./offline.ts";
import { signItems, signsToClasses } from "./server-marks.ts";
import type { SceneItem } from "./server-marks.ts";

/** Widths of a sans-serif's characters in em, by class: Vega's own estimate without a canvas is 0.8 em each, half too wide. */
const NARROW = /[ijltfrI1.,:;'|!()[\] ]/;
const WIDE = /[mwMW%@×–]/;

/** What is left of it with `aria: false`: the figure around a drawing says what it shows, and half the roles are not standard. */
const ARIA = / (?:aria-(?:hidden|label|roledescription)="[^"]*"|role="graphics-[a-z]+")/g;

/** Exported by vega, absent from its types. */
const { textMetrics, resetSVGDefIds } = vega as unknown as {
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number };
  readonly resetSVGDefIds: () => void;
};

/**
 * Draws a specification; colours stand as plain hex, so that the file shows anywhere. `warn` hears Vega-Lite's remarks; what belongs to a
 * server gets the class that `classOf` has for it.
 */
export async function renderSvg(
  spec: TopLevelSpec,
  warn: (remark: string) => void = () => {},
  classOf?: (server: string) => string | undefined,
): Promise<string> {
  textMetrics.width = (item, text) => estimatedWidth(String(text), item.fontSize ?? 11);
  resetSVGDefIds();
  const compiled = compile(spec, { logger: remarksTo(warn) });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logLevel: vega.Error, loader: OFFLINE });
  try {
    if (classOf !== undefined) {
      await view.runAsync();
      signItems((view.scenegraph() as unknown as { readonly root: SceneItem }).root, classOf);
    }
    // A control character in a name would make the drawing no XML.
    return compact(signsToClasses(printableDocument(await view.toSVG()).replace(ARIA, "")));
  } finally {
    view.finalize();
  }
}

function estimatedWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) em += NARROW.test(character) ? 0.32 : WIDE.test(character) ? 0.86 : 0.57;
  return em * fontSize;
}
