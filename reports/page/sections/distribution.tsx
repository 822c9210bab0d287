/** One mode or two?: how often each latency was, a histogram a server. */
import { MODES_RULE } from "../../charts/modes.ts";
import { Figures } from "../figure.tsx";
import type { PageData } from "../page-data.ts";
import { UndrawnDetails } from "../undrawn-details.tsx";

export function DistributionSection({ drawings, scenarios, undrawn }: PageData) {
  if (drawings.distribution.length === 0) return null;
  return (
    <section id="distribution" aria-label="Distribution">
      <h2>One mode or two?</h2>
      <p class="note">
        All complete trials of a cell, merged; each panel is as high as its highest bin. A server has more than one mode where there are{" "}
        {MODES_RULE}. Polled at an interval, latencies rise evenly up to it.
      </p>
      <UndrawnDetails undrawn={undrawn} />
      <Figures drawings={drawings.distribution} several={scenarios.length > 1} />
    </section>
  );
}
