/** Drawings that come to life: the code for it is in the page, compressed, and run when the first is asked for. */
import { COLOR_VARIABLES } from "../../charts/style.ts";
import { inflated, specificationOf } from "./embedded.ts";
import type { LiveChart, Runtime } from "./runtime.ts";

declare global {
  var pushbenchRuntime: Runtime | undefined;
}

let loading: Promise<Runtime> | undefined;

/** Puts a live chart into `place`, in colours that follow the page's theme. Rejects where there is no specification, or it cannot be drawn. */
export async function explore(figure: string, place: HTMLElement, classOf: (server: string) => string | undefined): Promise<LiveChart> {
  loading ??= loadRuntime();
  const [runtime, specification] = await Promise.all([loading, specificationOf(figure)]);
  if (specification === undefined) throw new Error("this page has no specification of it");
  return runtime.draw(themed(specification), place, classOf);
}

/** The page's policy names the hash of this very text, so that no other can be run. */
async function loadRuntime(): Promise<Runtime> {
  const script = document.createElement("script");
  script.textContent = await inflated("runtime");
  document.head.append(script);
  script.remove();
  if (globalThis.pushbenchRuntime === undefined) throw new Error("the code for it did not start");
  return globalThis.pushbenchRuntime;
}

/** The same recolouring as that of the drawings in the page. */
function themed(specification: object): object {
  let text = JSON.stringify(specification);
  for (const [name, color] of COLOR_VARIABLES) text = text.replaceAll(`"${color}"`, `"var(--${name},${color})"`);
  return JSON.parse(text) as object;
}
