/** A small panel for each server, family by family, all on one x axis: the frame of the charts that one panel for several would tangle. */
import type { TopLevelSpec } from "vega-lite";
import type { Scale } from "./scale.ts";
import { displayName, FAMILIES, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface ServerPanel {
  readonly look: ServerLook;
  /** Behind its name. */
  readonly remark?: string | undefined;
  /** Given the encoding of x, and whether its row begins with it. */
  readonly layers: (x: object, first: boolean) => readonly object[];
}

export interface ServerPanelsOptions {
  readonly panels: readonly ServerPanel[];
  readonly x: { readonly field: string; readonly title: string; readonly scale: Scale };
  readonly height: number;
  /** Room at the left of each row, for an axis of its first panel. */
  readonly axisWidth?: number;
  /** Of the whole, as Vega-Lite has it. */
  readonly resolve?: object;
}

const FULL_WIDTH = 1150;
const SPACING = 22;
const COLUMNS = 4;

/** Families in the order of the style, servers of a family as they come; each column has its axis below its last panel. */
export function serverPanels({ panels, x, height, axisWidth = 0, resolve }: ServerPanelsOptions): TopLevelSpec {
  const families = Object.keys(FAMILIES);
  const ordered = panels.toSorted((a, b) => families.indexOf(a.look.family) - families.indexOf(b.look.family));
  const columns = Math.min(COLUMNS, panels.length);
  const width = Math.floor((FULL_WIDTH - axisWidth) / columns - SPACING);
  return specification({
    columns,
    spacing: { row: 12, column: SPACING },
    concat: ordered.map(({ look, remark, layers }, at) => {
      const last = at + columns >= ordered.length;
      const first = at % columns === 0;
      return {
        title: {
          text: [displayName(look), remark].filter((part) => part !== undefined).join(" · "),
          frame: "group",
          offset: 2,
          limit: width + SPACING - 8,
        },
        width,
        height,
        layer: layers(encodingOfX(x, last, last && first), first),
      };
    }),
    ...(resolve === undefined ? {} : { resolve }),
  });
}

function encodingOfX({ field, title, scale }: ServerPanelsOptions["x"], labels: boolean, titled: boolean): object {
  return {
    field,
    type: "quantitative",
    scale: { type: scale.type, domain: scale.domain, nice: false },
    axis: {
      title: titled ? title : null,
      values: scale.ticks,
      grid: true,
      domain: false,
      ticks: false,
      labels,
      labelExpr: "format(datum.value, ',~r')",
    },
  };
}
