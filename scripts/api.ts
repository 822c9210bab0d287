/**
 * What a program imports as `pushbench`, and what the commands themselves stand on. Nothing here prints, ends the process or listens for its
 * signals; nothing is left running once a promise is settled. The one file that gives on what others define: it is the package's face.
 */
export { BuildError } from "../load/compiled.ts";
export { defineSuite } from "../load/defined-suite.ts";
export type { SuiteDefinition } from "../load/defined-suite.ts";
export type { Measurement, RunRecord } from "../load/measurement.ts";
export type { SavedRun } from "../load/results.ts";
export type { PlannedTrial, RunEvent } from "../load/run.ts";
export { SaveError } from "../load/save.ts";
export { SuiteError } from "../load/suite-error.ts";
export type { Problem, TextProblem, ValueProblem } from "../load/suite-error.ts";
export type { Scenario, Suite, Threshold } from "../load/suite.ts";
export { TargetError } from "../load/target.ts";
export { UsageError } from "../load/usage-error.ts";
export type { Comparison } from "../reports/comparison.ts";
export type { RunData } from "../reports/run-data.ts";
export type { Summary } from "../reports/summary.ts";
export { compare } from "./api/compare.ts";
export type { Bands } from "./api/compare.ts";
export { report } from "./api/report.ts";
export type { ChartFiles, ReportOptions, ReportOutcome } from "./api/report.ts";
export { resume, run } from "./api/run.ts";
export type { RunOptions, RunOutcome, WatchOptions } from "./api/run.ts";
export { readSuite } from "./api/suite.ts";
export type { SuiteOverrides, SuiteSource } from "./api/suite.ts";
export { version } from "./version.ts";
