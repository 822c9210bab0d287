/** What textbooks say of these transports, held against a run; pure. */
import type { ExperimentRecord } from "../load/textbook-record.ts";
import type { Cell } from "./summary.ts";
import type { Claim, ClaimResult, Evidence } from "./textbook/claim.ts";
import {
  givenBack,
  handshakes,
  leavesWaiting,
  missesNothing,
  oneMoreRoundTrip,
  repeatedHeaders,
  runsOut,
  sixStreams,
  smallFrames,
} from "./textbook/of-experiments.ts";
import { dearerSockets, fewerRequests, halfTheInterval, oneConnection } from "./textbook/of-trials.ts";

/** In the order of the table. */
const CLAIMS: readonly Claim[] = [
  fewerRequests,
  halfTheInterval,
  repeatedHeaders,
  handshakes,
  leavesWaiting,
  missesNothing,
  oneConnection,
  sixStreams,
  runsOut,
  givenBack,
  smallFrames,
  oneMoreRoundTrip,
  dearerSockets,
];

export function judgeTextbook(cells: readonly Cell[], experiments: readonly ExperimentRecord[]): ClaimResult[] {
  const cellOf = (scenario: string, server: string): Cell | undefined =>
    cells.find((cell) => cell.scenario === scenario && cell.server === server);
  const valid = (cell: Cell | undefined): Cell | undefined => (cell?.validity.valid === true ? cell : undefined);
  const made = (name: ExperimentRecord["name"]): ExperimentRecord | undefined => experiments.find((each) => each.name === name);
  const evidence: Evidence = {
    scenarios: [...new Set(cells.map(({ scenario }) => scenario))],
    metric: (scenario, server, name) => valid(cellOf(scenario, server))?.metrics[name],
    counted: (scenario, server, name) => cellOf(scenario, server)?.metrics[name],
    parameter(scenario, name) {
      const value = cells.find((cell) => cell.scenario === scenario)?.parameters[name];
      return typeof value === "number" ? value : undefined;
    },
    figures(name) {
      const experiment = made(name);
      return experiment?.failure === undefined ? experiment?.figures : undefined;
    },
    reason: (name) => made(name)?.failure ?? "the run was stopped before",
  };
  return CLAIMS.map(({ says, judge }) => ({ claim: says, ...judge(evidence) }));
}

/** What a verdict is called. */
export const VERDICT_WORDS: Readonly<Record<ClaimResult["verdict"], string>> = {
  holds: "holds",
  fails: "does not hold",
  part: "holds in part",
  open: "not known",
};
