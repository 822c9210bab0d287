import type { GateReport } from "../reports/gate-report.ts";
import { EXIT } from "./exit-code.ts";

/** What a gate ends with: 3 where it failed, 4 where it cannot tell; the latter can be allowed, figures that nobody can believe cannot. */
export function gateExitCode(
  { verdict }: Pick<GateReport, "verdict">,
  { allowInconclusive }: { readonly allowInconclusive: boolean },
): number {
  switch (verdict) {
    case "pass":
      return EXIT.done;
    case "fail":
      return EXIT.gateFailed;
    case "invalid":
      return EXIT.inconclusive;
    case "inconclusive":
      return allowInconclusive ? EXIT.done : EXIT.inconclusive;
  }
}
