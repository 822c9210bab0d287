import { Command } from "commander";
import { closing, examples } from "../examples.ts";
import { withGateFlags } from "../gate-options.ts";
import type { GateFlags } from "../gate-options.ts";
import { GATE_SUITE } from "../gate-question.ts";

/** `pushbench gate`: fails a build when a version of a server is surely worse than another one. */
export function gateCommand(): Command {
  return withGateFlags(
    new Command("gate")
      .description("Measure two versions of a server side by side, or judge what was saved; fail where head is surely worse.")
      .usage("[options] --base <version> [suite]\n       pushbench gate [options] <results folder>")
      .argument("[suite or folder]", `a suite by name or path (default: ${GATE_SUITE}), or the folder of a run or a gate`),
  )
    .addHelpText(
      "before",
      examples([
        ["gate --base main", "this folder's servers against those of main"],
        ["gate my.yaml --base origin/main --head . --budget 10m", "a server of your own, in ten minutes"],
        ['gate my.yaml --base "node old.js" --head "node new.js"', "two commands that each start a version"],
        ["gate results/…", "judge a saved run by its thresholds, or saved rounds again"],
        ["gate results/… --save-baseline base.json", "keep a run's figures, for a machine of its own"],
      ]),
    )
    .addHelpText(
      "after",
      closing(
        "Head fails where it is worse by more than --delta with 95 % confidence, over all metrics together, and again in rounds " +
          "that are made to confirm it; it passes where it is worse by less than --limit with as much; else the gate says that it " +
          "cannot tell. Ends with 0 where everything passed, 3 where something failed, 4 where it cannot tell or nothing can be " +
          "believed.",
      ),
    )
    .action(async (target: string | undefined, flags: GateFlags) => {
      const { gate } = await import("../gating.ts");
      await gate(target, flags);
    });
}
