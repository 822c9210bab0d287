/** What the page carries compressed: the charts' specifications and the code that brings them to life. */
import { unpack } from "../packed.ts";
import type { Packed } from "../packed.ts";

/** Whether this browser can read them. */
export const CAN_INFLATE = typeof DecompressionStream === "function";

let packed: Promise<Packed> | undefined;

/** The Vega-Lite specification of a figure; undefined for one without. */
export async function specificationOf(figure: string): Promise<object | undefined> {
  packed ??= inflated("specifications").then((text) => JSON.parse(text) as Packed);
  return unpack(await packed, figure) as object | undefined;
}

/** The text of an embedded block, gzip and base64. */
export async function inflated(id: string): Promise<string> {
  const encoded = document.getElementById(id)?.textContent ?? "";
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
