/** What the axes of a compiled chart say of a value: their titles, and the words of their labels. */
import type * as vega from "vega";

export interface AxisWords {
  /** The title of the axis of x or y; undefined where it has none, for then its values are places, not figures. */
  title(dimension: Dimension): string | undefined;
  /** A value as the axis would label it. */
  label(dimension: Dimension, value: number): string;
}

export type Dimension = "x" | "y";

const DIMENSIONS = ["x", "y"] as const;

interface Axis {
  readonly scale?: string;
  readonly title?: unknown;
  readonly encode?: { readonly labels?: { readonly update?: { readonly text?: { readonly signal?: string } } } };
}

/**
 * The specification with signals that label any value as the axes label theirs: an expression of the axis, asked outside of it. Changes what it
 * is given.
 */
export function markAxes(specification: vega.Spec): vega.Spec {
  const signals = DIMENSIONS.flatMap((dimension) => {
    const expression = axesOf(specification, dimension).flatMap((axis) => axis.encode?.labels?.update?.text?.signal ?? [])[0];
    if (expression === undefined) return [];
    return [
      { name: signalOf(dimension), value: 0 },
      { name: `${signalOf(dimension)}Text`, update: expression.replace(/\bdatum\.value\b/g, signalOf(dimension)) },
    ];
  });
  return { ...specification, signals: [...(specification.signals ?? []), ...signals] };
}

export function axisWords(specification: vega.Spec, view: vega.View): AxisWords {
  const titles = new Map(
    DIMENSIONS.map((dimension) => [
      dimension,
      axesOf(specification, dimension).find(({ title }) => typeof title === "string" && title !== "")?.title as string | undefined,
    ]),
  );
  const labelled = new Set((specification.signals ?? []).map(({ name }) => name));
  return {
    title: (dimension) => titles.get(dimension),
    label(dimension, value) {
      if (!labelled.has(`${signalOf(dimension)}Text`)) return String(value);
      view.signal(signalOf(dimension), value).run();
      return String(view.signal(`${signalOf(dimension)}Text`));
    },
  };
}

function signalOf(dimension: Dimension): string {
  return `pushbench_${dimension}`;
}

/** Those with labels, of the whole and of each panel in it. */
function axesOf(part: object, dimension: Dimension): Axis[] {
  const { axes = [], marks = [] } = part as { readonly axes?: readonly Axis[]; readonly marks?: readonly object[] };
  const own = axes.filter(({ scale, encode }) => scale?.replace(/^.*_/, "") === dimension && encode?.labels !== undefined);
  return [
    ...own,
    ...axes.filter((axis) => !own.includes(axis) && axis.scale?.replace(/^.*_/, "") === dimension),
    ...marks.flatMap((mark) => axesOf(mark, dimension)),
  ];
}
