/** Two versions of a server measured side by side, with progress on stderr and Ctrl-C heard. */
import { readAccepted } from "../load/accepted-file.ts";
import type { AcceptedRegression } from "../load/accepted.ts";
import { VERSIONS } from "../load/gate-record.ts";
import type { GateRound, SavedGate } from "../load/gate-record.ts";
import { confirmGate, readyVersion, runGate } from "../load/gate.ts";
import type { GateOptions, GateProgress, ReadyVersion } from "../load/gate.ts";
import { noiseOf } from "../load/noise-file.ts";
import { serverName } from "../load/suite.ts";
import type { Suite } from "../load/suite.ts";
import { UsageError } from "../load/usage-error.ts";
import { judgeGate, needsConfirmation } from "../reports/gate.ts";
import { noiseRemarks } from "../reports/gate-noise.ts";
import type { GateReport } from "../reports/gate-report.ts";
import { paintFor } from "./color.ts";
import { questionOf } from "./gate-options.ts";
import type { GateFlags } from "./gate-options.ts";
import { listenForInterruption } from "./interruption.ts";

export interface LiveGateResult {
  readonly gate: SavedGate;
  readonly report: GateReport;
  /** 130 or 143 where a signal ended it. */
  readonly interrupted?: number;
}

/** What was asked for beside the flags. */
export interface LiveGateRequest {
  readonly suite: Suite;
  readonly directory: string;
  readonly command: string;
}

/** Gates head against base; throws `UsageError` where a version cannot be made ready. */
export async function gateLive({ suite, directory, command }: LiveGateRequest, flags: GateFlags): Promise<LiveGateResult> {
  const { base, head } = flags;
  if (base === undefined) throw new UsageError("--base is missing: a git ref such as main, a folder, or a command that starts the server");
  const question = questionOf(flags);
  const accepted = await acceptedOf(flags, suite.servers.map(serverName));
  const paint = paintFor(process.stderr);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const interruption = listenForInterruption((signal) =>
    say(paint.yellow(`${signal}: stopping the round, keeping those that are finished; once more to exit at once`)),
  );
  const { signal } = interruption;
  const ready: ReadyVersion[] = [];
  try {
    const make = async (asked: string, flag: string): Promise<ReadyVersion> => {
      const version = await readyVersion(asked, flag, {
        cwd: process.cwd(),
        signal,
        tell: (line) => say(paint.dim(line)),
        ...(flags.prepare === undefined ? {} : { prepare: flags.prepare }),
      });
      ready.push(version);
      return version;
    };
    const versions = { base: await make(base, "--base"), head: await make(head, "--head") };
    const options: GateOptions = {
      ...{ suite, question, versions, directory, command },
      seed: flags.seed ?? suite.seed,
      mode: flags.mode,
      budgetMs: flags.budget,
    };
    const startedMs = performance.now();
    const watch = { signal, onRound: (round: GateRound, progress: GateProgress) => say(roundLine(round, progress)) };
    say(
      paint.dim(
        `${suite.name}: ${question.rounds} rounds of each server in both versions, ${question.rounds * suite.scenarios.length * suite.servers.length} in all`,
      ),
    );
    let gate = await runGate(options, watch);
    const today = new Date().toISOString().slice(0, 10);
    const again = flags.confirm && !signal.aborted ? needsConfirmation(gate, accepted, today) : [];
    if (again.length > 0) {
      say(
        paint.yellow(`failed, and to be confirmed by rounds of their own: ${[...new Set(again.map(({ server }) => server))].join(", ")}`),
      );
      const budgetMs = Math.max(0, flags.budget - (performance.now() - startedMs));
      gate = await confirmGate(gate, again, { suite, versions, budgetMs }, watch);
    }
    const noise = await noiseOf(gate.record.environment, flags.noiseFile);
    const judged = judgeGate(gate, accepted, today, { confirm: flags.confirm });
    const report = { ...judged, remarks: [...judged.remarks, ...noiseRemarks(noise, gate)] };
    const interrupted = interruption.exitCode();
    return { gate, report, ...(interrupted === undefined ? {} : { interrupted }) };
  } finally {
    await Promise.all(ready.map((version) => version.dispose()));
    interruption.dispose();
  }
}

/** The regressions that are accepted, none where no file was named. */
export async function acceptedOf(
  { accepted }: Pick<GateFlags, "accepted">,
  servers: readonly string[],
): Promise<readonly AcceptedRegression[]> {
  return accepted === undefined ? [] : readAccepted(accepted, servers);
}

/** `round 3/36  sse-node     base first  12.3 s, about 6:40 left`. */
function roundLine({ server, pass, first, durationMs, arms }: GateRound, { done, planned, leftMs }: GateProgress): string {
  const failures = VERSIONS.flatMap((version) => {
    const { failure } = arms[version];
    return failure === undefined || failure.kind === "interrupted" ? [] : [`${version}: ${failure.message}`];
  });
  const seconds = Math.round(leftMs / 1000);
  const left = done === planned ? "" : `, about ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  const what = pass === "first" ? "round" : "confirming round";
  return `${what} ${done}/${planned}  ${server.padEnd(20)}  ${first} first  ${(durationMs / 1000).toFixed(1)} s${left}${failures.length === 0 ? "" : `  ✗ ${failures.join("; ")}`}`;
}
