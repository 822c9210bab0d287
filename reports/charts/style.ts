/** How servers look in every chart: hue and shape by transport family, dash for HTTP/2, a filled mark for uWebSockets.js. */
import type { TopLevelSpec } from "vega-lite";

export type Family = "websocket" | "sse" | "http-stream" | "long-polling" | "polling" | "other";

export interface FamilyStyle {
  readonly label: string;
  readonly color: string;
  /** The same hue on a dark page. */
  readonly dark: string;
  readonly shape: string;
  readonly dash: readonly number[];
}

/** Contrast and distance under colour-blindness as REPORT.md gives them; in the order panels stand in. */
export const FAMILIES: Readonly<Record<Family, FamilyStyle>> = {
  websocket: { label: "WebSocket", color: "#0233c4", dark: "#095fde", shape: "circle", dash: [] },
  sse: { label: "SSE", color: "#3198c5", dark: "#12c0ff", shape: "triangle-up", dash: [] },
  "http-stream": { label: "HTTP streaming", color: "#0a1813", dark: "#ffffd1", shape: "diamond", dash: [7, 2, 2, 2] },
  "long-polling": { label: "long polling", color: "#de6f0d", dark: "#e7a307", shape: "square", dash: [] },
  polling: { label: "polling", color: "#8a3b46", dark: "#ac4644", shape: "cross", dash: [2, 2] },
  other: { label: "other", color: "#5f666e", dark: "#9aa3ad", shape: "wedge", dash: [] },
};

const HTTP2_DASH = [6, 3] as const;

/** Ink of axes, labels and grids; each a hex of its own, so that a drawing can be recoloured afterwards. */
export const INK = {
  fg: { color: "#1b1f24", dark: "#e6e9ed" },
  muted: { color: "#57606a", dark: "#9aa4af" },
  grid: { color: "#e3e7eb", dark: "#2b323a" },
  shade: { color: "#eef1f4", dark: "#1e242b" },
  paper: { color: "#fefefe", dark: "#0f1216" },
  alarm: { color: "#b3261e", dark: "#ff8a80" },
} as const;

/** What a change means; the word stands beside it. */
export const CHANGE_COLORS = {
  better: { color: "#1a5fb8", dark: "#62a8ff" },
  worse: { color: "#b8500a", dark: "#ffa24d" },
} as const;

/**
 * Viridis (Smith & van der Walt, matplotlib) at every eighth of it, the same on a light and on a dark page; not from 0 on, for its darkest
 * could not be told from a dark page.
 */
export const VIRIDIS = ["#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"] as const;

/** What a chart knows of a server. */
export interface ServerLook {
  readonly server: string;
  readonly family: Family;
  readonly familyLabel: string;
  readonly color: string;
  readonly shape: string;
  readonly dash: readonly number[];
  /** uWebSockets.js is drawn filled, Node's own servers open. */
  readonly filled: boolean;
  /** Its cell is invalid, which every label says. */
  readonly invalid?: boolean;
}

export function familyOf(transport: string): Family {
  const base = transport.replace(/-http2$/, "");
  return base in FAMILIES ? (base as Family) : "other";
}

export function lookOf(server: string, transport: string, library: string): ServerLook {
  const family = familyOf(transport);
  const { label, color, shape, dash } = FAMILIES[family];
  return {
    server,
    family,
    familyLabel: label,
    color,
    shape,
    dash: transport.endsWith("-http2") ? HTTP2_DASH : dash,
    filled: library === "uWebSockets.js",
  };
}

/** A name as it stands in a chart, where the room of a label is bounded; the data table has the whole of it. */
export function shortName(name: string): string {
  return name.length <= 28 ? name : `${name.slice(0, 27)}…`;
}

/** A server's name with what its cell is worth. */
export function displayName({ server, invalid }: ServerLook): string {
  return shortName(server) + (invalid === true ? " (invalid)" : "");
}

/** Every colour of a drawing with the name of its custom property. */
export const COLOR_VARIABLES: readonly (readonly [name: string, color: string, dark: string])[] = [
  ...Object.entries(INK).map(([name, { color, dark }]) => [name, color, dark] as const),
  ...Object.entries(FAMILIES).map(([name, { color, dark }]) => [name, color, dark] as const),
  ...Object.entries(CHANGE_COLORS).map(([name, { color, dark }]) => [name, color, dark] as const),
];

/** Vega-Lite's `config` for every chart. */
const CONFIG = {
  aria: false,
  mark: { aria: false },
  background: "transparent",
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    labelColor: INK.muted.color,
    titleColor: INK.muted.color,
    gridColor: INK.grid.color,
    domainColor: INK.grid.color,
    tickColor: INK.grid.color,
    labelPadding: 4,
    titlePadding: 6,
  },
  header: { labelFontSize: 12, labelFontWeight: 600, labelColor: INK.fg.color, title: null },
  title: { fontSize: 12, fontWeight: 600, color: INK.fg.color, anchor: "start" },
  text: { fontSize: 11, color: INK.fg.color },
} as const;

/** A whole specification: `parts` with the schema and the house's config. */
export function specification(parts: object): TopLevelSpec {
  return { $schema: "https://vega.github.io/schema/vega-lite/v6.json", ...parts, config: CONFIG } as unknown as TopLevelSpec;
}
