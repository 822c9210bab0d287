/** Runs trials against servers that lie, through the ordinary path, and reads what they did. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault, Injected } from "../../servers/fault.ts";
import type { TrialTimes } from "../assignment.ts";
import type { Measurement } from "../measurement.ts";
import { makeScenario } from "../suite-file.ts";
import type { KnownServer } from "../suite-file.ts";
import type { Scenario } from "../suite.ts";
import { loadTransport } from "../transport.ts";
import type { Transport } from "../transport.ts";
import { runTrial } from "../trial.ts";
import type { Sabotage } from "../trial.ts";

export interface Bench {
  readonly server: string;
  readonly transport: Transport;
  /** Whether a connection is held between two messages. */
  readonly holds: boolean;
  trial(order: TrialOrder): Promise<Tried>;
  /** The trial of {@link PLAIN} with nothing wrong, of which the server notes when it hands each message on; run again only after one that is not to be believed. */
  plain(): Promise<Tried>;
}

export interface TrialOrder {
  /** Fields of a scenario, as a suite has them. */
  readonly workload: Readonly<Record<string, unknown>>;
  readonly faults?: readonly Fault[];
  readonly sabotage?: Omit<Sabotage, "program">;
}

export interface Tried {
  readonly scenario: Scenario;
  readonly measurement: Measurement;
  readonly injected: Injected;
  /** Absent where the trial failed before. */
  readonly times?: TrialTimes;
  readonly seed: number;
}

/** Enough deliveries for a p99.9 (METHOD R9), at times that keep no step with the interval of a poller. */
export const PLAIN = { rate: "250/s", arrivals: "poisson", duration: "3s" } as const;

/** The rest of the fields: short phases, and as many subscribers as there are probes. */
const WORKLOAD = { subscribers: 16, settle: "100ms", warmup: "500ms", drain: "2s", pollInterval: "10ms" };
const SEED = 1;

export async function openBench(server: KnownServer & { readonly transport: string }, signal: AbortSignal): Promise<Bench> {
  const transport = await loadTransport(server.transport, "lean");
  let index = 0;
  let plain: Promise<Tried> | undefined;

  /** Gives a lying server's command line and, once it has ended, what it did. */
  async function lying<T>(
    faults: readonly Fault[],
    use: (program: { file: string; args: string[] }) => Promise<T>,
  ): Promise<[T, Injected]> {
    const folder = await mkdtemp(join(tmpdir(), "pushbench-selftest-"));
    const account = join(folder, "injected.json");
    try {
      const used = await use({ file: "servers/faulty/serve.ts", args: [JSON.stringify(faults), account] });
      return [used, JSON.parse(await readFile(account, "utf8")) as Injected];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function trial({ workload, faults = [], sabotage = {} }: TrialOrder): Promise<Tried> {
    const scenario = makeScenario(server, { name: "selftest", ...WORKLOAD, ...workload });
    let times: TrialTimes | undefined;
    const plan = { index: ++index, repetition: 1, server: server.name, transport: server.transport, scenario, seed: SEED };
    const [measurement, injected] = await lying(faults, (program) =>
      runTrial(plan, {
        signal,
        onPhase() {},
        onSecond() {},
        sabotage: {
          ...sabotage,
          program,
          onTimes(given, target) {
            times = given;
            sabotage.onTimes?.(given, target);
          },
        },
      }),
    );
    return { scenario, measurement, injected, seed: SEED, ...(times === undefined ? {} : { times }) };
  }

  return {
    server: server.name,
    transport,
    holds: !server.transport.endsWith("polling"),
    trial,
    async plain() {
      const tried = await (plain ??= trial({ workload: PLAIN, faults: [{ kind: "delay", ms: [0] }] }));
      if (!tried.measurement.validity.valid) plain = undefined;
      return tried;
    },
  };
}
