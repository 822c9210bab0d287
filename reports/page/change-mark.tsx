/** What a change means, as an icon and a word; the icon is drawn, for not every font has one, and tells which way the value went. */
import type { Change } from "../comparison.ts";

const ARROWS = { up: "M6 2 11 10H1Z", down: "M6 10 11 2H1Z" };

export function ChangeMark({ change: { verdict, ratio } }: { readonly change: Change }) {
  if (verdict === "unsure") return <span class="muted">~</span>;
  if (verdict === "same") return <>same</>;
  return (
    <span class={verdict}>
      <svg class="icon" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d={ARROWS[ratio === undefined || ratio.value > 1 ? "up" : "down"]} fill="currentColor" />
      </svg>
      {verdict}
    </span>
  );
}
