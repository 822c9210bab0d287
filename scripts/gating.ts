/** What `pushbench gate` was asked for, done: nothing of it is in memory while another command works. */
import { stat } from "node:fs/promises";
import { readBaseline, saveBaseline } from "../load/baseline-file.ts";
import { readEnvironment } from "../load/environment.ts";
import { isGate, readGate } from "../load/gate-results.ts";
import { noiseOf } from "../load/noise-file.ts";
import { readRun } from "../load/results.ts";
import { readSuite } from "../load/suite-file.ts";
import { serverName } from "../load/suite.ts";
import type { Suite } from "../load/suite.ts";
import { UsageError } from "../load/usage-error.ts";
import { judgeBaseline } from "../reports/baseline.ts";
import { baselineOfGate, baselineOfRun } from "../reports/baseline-of-run.ts";
import { judgeGate } from "../reports/gate.ts";
import { floorOf } from "../reports/gate-noise.ts";
import type { GateReport } from "../reports/gate-report.ts";
import { jsonDocument } from "../reports/formats/escape.ts";
import { judgeSavedThresholds } from "../reports/gate-threshold.ts";
import { summarize } from "../reports/summary.ts";
import { loadCatalog } from "../servers/catalog.ts";
import { wantsColor } from "./color.ts";
import { acceptedOf, gateLive } from "./gate-live.ts";
import { questionOf } from "./gate-options.ts";
import type { GateFlags } from "./gate-options.ts";
import { gateExitCode } from "./gate-outcome.ts";
import { saveGateReport, writeGateOutputs } from "./gate-outputs.ts";
import { chooseRunFolder } from "./run-folder.ts";
import { shellWord } from "./shell-word.ts";
import { chooseFromSuite } from "./suite-choice.ts";
import { GATE_SUITE } from "./gate-question.ts";
import { warn } from "./warn.ts";

const PIPE_WIDTH = 120;

/** Two versions side by side, or what stands in a folder; sets the exit code. Throws `UsageError` for what makes no sense. */
export async function gate(target: string | undefined, flags: GateFlags): Promise<void> {
  const isFolder = target !== undefined && (await stat(target).catch(() => undefined))?.isDirectory() === true;
  if (isFolder && flags.base !== undefined) {
    throw new UsageError(`${target} was saved and is judged as it is: leave out --base, or name a suite instead of a folder`);
  }
  if (isFolder) return judgeSaved(target, flags);
  if (flags.baseline !== undefined || flags.saveBaseline !== undefined) {
    throw new UsageError("a baseline is of a saved run: `pushbench run …` first, then `pushbench gate <its folder> --baseline …`");
  }
  const catalog = await loadCatalog();
  const suite = withScenarios(chooseFromSuite(await readSuite(target ?? GATE_SUITE, catalog), flags, catalog), flags.scenario);
  const directory = await chooseRunFolder(flags.out, suite.name === GATE_SUITE ? GATE_SUITE : `gate-${suite.name}`, new Date());
  const command = ["pushbench", ...process.argv.slice(2)].map(shellWord).join(" ");
  const { report, interrupted } = await gateLive({ suite, directory, command }, flags);
  await tell(report, directory, flags);
  if (interrupted !== undefined) process.exitCode = interrupted;
}

/** A gate's rounds once more, or a run's thresholds, or a run against a baseline. */
async function judgeSaved(directory: string, flags: GateFlags): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  if (await isGate(directory)) {
    const saved = await readGate(directory);
    if (flags.saveBaseline !== undefined) return keepBaseline(baselineOfGate(saved, await floorHere(flags)), flags.saveBaseline, flags);
    const accepted = await acceptedOf(
      flags,
      saved.record.cells.map(({ server }) => server),
    );
    return tell(judgeGate(saved, accepted, today, { confirm: flags.confirm }), directory, flags);
  }
  const run = await readRun(directory);
  if (flags.saveBaseline !== undefined) return keepBaseline(baselineOfRun(run, await floorHere(flags)), flags.saveBaseline, flags);
  const accepted = await acceptedOf(flags, run.record.suite.servers.map(serverName));
  if (flags.baseline === undefined) return tell(judgeSavedThresholds(summarize(run.record, run.measurements)), directory, flags);
  const baseline = await readBaseline(flags.baseline);
  const options = { anyMachine: flags.anyMachine === true };
  await tell(judgeBaseline(baseline, baselineOfRun(run), questionOf(flags), accepted, today, options), directory, flags);
}

/** What this class of machine shows of one version from run to run; `undefined` where nobody measured it. */
async function floorHere({ noiseFile }: GateFlags): Promise<Record<string, number> | undefined> {
  const record = await noiseOf(await readEnvironment(process.cwd()), noiseFile);
  return record === undefined ? undefined : floorOf(record);
}

async function keepBaseline(baseline: Parameters<typeof saveBaseline>[1], path: string, { json }: GateFlags): Promise<void> {
  await saveBaseline(path, baseline);
  if (json === true) process.stdout.write(jsonDocument(baseline));
  if (baseline.noiseFloor === undefined) {
    warn("the noise floor of this machine is not known: run `pushbench doctor --noise`, and save the baseline again");
  }
  process.stderr.write(`baseline: ${path}\n`);
}

/** Writes and prints what was found, and sets the exit code. */
async function tell(report: GateReport, directory: string, flags: GateFlags): Promise<void> {
  const { stdout } = process;
  const text = await writeGateOutputs(report, flags, { color: wantsColor(stdout), width: stdout.isTTY ? stdout.columns : PIPE_WIDTH });
  const files = await saveGateReport(directory, report);
  stdout.write(text.stdout);
  process.stderr.write(`${text.stderr}report: ${files.at(-1)!}\n`);
  process.exitCode = gateExitCode(report, { allowInconclusive: flags.allowInconclusive === true });
}

function withScenarios(suite: Suite, names: readonly string[] | undefined): Suite {
  if (names === undefined) return suite;
  const known = suite.scenarios.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`--scenario: ${suite.name} has no ${unknown.join(", ")}: expected some of ${known.join(", ")}`);
  return { ...suite, scenarios: suite.scenarios.filter(({ name }) => names.includes(name)) };
}
