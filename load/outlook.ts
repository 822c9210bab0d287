/** What can be said of a run before its first trial: how it is laid out over processes, and which trials this machine does not carry. */
import { availableParallelism } from "node:os";
import { describeLayout } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { readLimits } from "./machine/limits.ts";
import type { SkippedTrial } from "./measurement.ts";
import type { TrialPlan } from "./plan.ts";
import { layoutOf, misfit, skipped } from "./skipping.ts";
import { serverName } from "./suite.ts";

export interface Outlook {
  /** The trial that needs the most memory; absent where none is started here. */
  readonly largest?: { readonly server: string; readonly scenario: string; readonly layout: string };
  /** Trials that do not fit as things are now. */
  readonly misfits: readonly SkippedTrial[];
}

/** Of the trials that are still to be made, on this machine as it is now unless said. */
export function outlookOf(plans: readonly TrialPlan[], limits = readLimits(), cores = availableParallelism()): Outlook {
  let largest: { readonly plan: TrialPlan; readonly layout: Layout } | undefined;
  for (const plan of plans) {
    const layout = layoutOf(plan, limits, cores);
    if (layout !== undefined && (largest === undefined || layout.memoryBytes > largest.layout.memoryBytes)) largest = { plan, layout };
  }
  return {
    ...(largest === undefined
      ? {}
      : {
          largest: {
            server: serverName(largest.plan.server),
            scenario: largest.plan.scenario.name,
            layout: describeLayout(largest.layout),
          },
        }),
    misfits: plans.flatMap((plan) => {
      const reason = misfit(plan, limits, cores);
      return reason === undefined ? [] : [skipped(plan, reason)];
    }),
  };
}
