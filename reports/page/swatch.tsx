/** A server's mark as the charts draw it: shape and hue of its family, filled for uWebSockets.js. */
import type { ServerLook } from "../charts/style.ts";

const SHAPES: Readonly<Record<string, string>> = {
  circle: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z",
  "triangle-up": "M6 1.5 11 10.5H1Z",
  diamond: "M6 .8 10.5 6 6 11.2 1.5 6Z",
  square: "M2 2h8v8H2Z",
  cross: "M4.2 1h3.6v3.2H11v3.6H7.8V11H4.2V7.8H1V4.2h3.2Z",
  wedge: "M6 1 8.6 11H3.4Z",
};

export function Swatch({ look }: { readonly look: ServerLook }) {
  const color = `var(--${look.family},${look.color})`;
  return (
    <svg class="swatch" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d={SHAPES[look.shape] ?? SHAPES["circle"]!} fill={look.filled ? color : "none"} stroke={color} stroke-width="1.5" />
    </svg>
  );
}
