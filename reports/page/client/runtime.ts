/** What makes a live chart of a specification; a bundle of its own, which runs only when a reader asks for one. */
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";
import { OFFLINE, remarksTo } from "../../charts/offline.ts";
import { axisWords, markAxes } from "./axis-words.ts";
import { hoverTargets, nearestTarget } from "./hover-targets.ts";
import type { HoverTarget, Item } from "./hover-targets.ts";
import { makeTooltip } from "./tooltip.ts";
import { tooltipText } from "./tooltip-text.ts";

export interface LiveChart {
  /** Takes it away with all that it listens to. */
  remove(): void;
}

export interface Runtime {
  /** Draws into `place`; the elements of a server get the class that `classOf` gives. Rejects where the specification cannot be drawn. */
  draw(specification: object, place: HTMLElement, classOf: (server: string) => string | undefined): Promise<LiveChart>;
}

const runtime: Runtime = {
  async draw(specification, place, classOf) {
    const compiled = markAxes(compile(specification as TopLevelSpec, { logger: remarksTo(() => {}) }).spec);
    // Expressions are interpreted: the page's policy lets no text become code.
    const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: "svg",
      loader: OFFLINE,
      logLevel: vega.Error,
    });
    view.initialize(place);
    await view.runAsync();
    const svg = place.querySelector("svg")!;
    markServers(svg, classOf);
    const targets = hoverTargets((view.scenegraph() as unknown as { readonly root: Item }).root);
    const words = axisWords(compiled, view);
    const stop = listen(place, svg, targets, (target) => tooltipText(target.datum, words));
    return {
      remove() {
        stop();
        view.finalize();
      },
    };
  },
};

globalThis.pushbenchRuntime = runtime;

/** Pointer and arrow keys lead from figure to figure. */
function listen(
  place: HTMLElement,
  svg: SVGSVGElement,
  targets: readonly HoverTarget[],
  text: (target: HoverTarget) => readonly string[],
): () => void {
  const tooltip = makeTooltip();
  const frame = svg.querySelector("g")!;
  let current = -1;
  const show = (at: number) => {
    current = at;
    const target = targets[at];
    const matrix = frame.getScreenCTM();
    if (target === undefined || matrix === null) return tooltip.hide();
    const { x, y } = new DOMPoint(target.x, target.y).matrixTransform(matrix);
    tooltip.show(text(target), x, y);
  };
  const stopping = new AbortController();
  const { signal } = stopping;
  place.addEventListener(
    "pointermove",
    (event) => {
      const matrix = frame.getScreenCTM();
      if (matrix === null) return;
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      show(nearestTarget(targets, x, y));
    },
    { signal },
  );
  place.addEventListener("pointerleave", () => show(-1), { signal });
  place.addEventListener("blur", () => show(-1), { signal });
  place.addEventListener(
    "keydown",
    (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (event.key === "Escape") show(-1);
      if (step === 0 || targets.length === 0) return;
      event.preventDefault();
      show((Math.max(current, step < 0 ? 0 : -1) + step + targets.length) % targets.length);
    },
    { signal },
  );
  place.tabIndex = 0;
  return () => {
    stopping.abort();
    tooltip.remove();
  };
}

function markServers(svg: SVGSVGElement, classOf: (server: string) => string | undefined): void {
  for (const element of svg.querySelectorAll("path, text, rect, line")) {
    // Vega's renderer keeps the item of an element with it.
    const { datum } = (element as Element & { readonly __data__?: Item }).__data__ ?? {};
    const name = datum?.["server"] ?? datum?.["value"];
    const found = typeof name === "string" ? classOf(name) : undefined;
    if (found !== undefined) element.classList.add(found);
  }
}
