/** Says of which scenarios of a run with many the details are not drawn, and how to get them. */
import { DETAIL_RULE } from "../charts/detail-choice.ts";
import { counted } from "../figure-text.ts";

/** Nothing where all are drawn. */
export function UndrawnDetails({ undrawn, what = "this" }: { readonly undrawn: readonly string[]; readonly what?: string }) {
  if (undrawn.length === 0) return null;
  return (
    <details>
      <summary>
        {counted(undrawn.length, "scenario")} without {what} here; pushbench report --charts svg DIRECTORY draws all of them
      </summary>
      <p class="note">
        Drawn are {DETAIL_RULE}. Not drawn: {undrawn.join("; ")}.
      </p>
    </details>
  );
}
