/** What `bench:gate` has made so far, so that it can go on after a stop: a file a round and a gate, each there whole or not at all. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GateRound } from "../../load/gate-record.ts";
import type { Costs, LiveGate } from "../../load/gate-study.ts";
import { saveFile } from "../../load/save.ts";
import type { GateReport } from "../../reports/gate-report.ts";

/** A whole gate that was run. */
export interface LiveResult extends Pick<LiveGate, "head" | "neighbourhood" | "server" | "seed"> {
  readonly verdict: GateReport["verdict"];
  /** Metrics that failed. */
  readonly failed: readonly string[];
  readonly seconds: { readonly first: number; readonly confirmation: number };
}

export interface StudyFiles {
  costs(): Promise<ReadonlyMap<string, Costs> | undefined>;
  saveCosts(costs: ReadonlyMap<string, Costs>): Promise<void>;
  /** Of a part of the recording, in the order they were made. */
  rounds(part: string): Promise<GateRound[]>;
  saveRound(part: string, round: GateRound): Promise<void>;
  gates(): Promise<LiveResult[]>;
  saveGate(number: number, gate: LiveResult): Promise<void>;
}

export async function studyFiles(folder: string): Promise<StudyFiles> {
  await mkdir(folder, { recursive: true });
  const read = async <T>(part: string): Promise<T[]> => {
    const files = (await readdir(join(folder, part)).catch((): string[] => [])).filter((name) => name.endsWith(".json")).sort();
    return Promise.all(files.map(async (name) => JSON.parse(await readFile(join(folder, part, name), "utf8")) as T));
  };
  const save = (part: string, number: number, value: unknown): Promise<void> =>
    saveFile(join(folder, part, `${String(number).padStart(4, "0")}.json`), `${JSON.stringify(value)}\n`);
  const costsFile = join(folder, "costs.json");
  return {
    async costs() {
      const text = await readFile(costsFile, "utf8").catch(() => undefined);
      return text === undefined ? undefined : new Map(Object.entries(JSON.parse(text) as Record<string, Costs>));
    },
    saveCosts: (costs) => saveFile(costsFile, `${JSON.stringify(Object.fromEntries(costs), null, 2)}\n`),
    rounds: (part) => read<GateRound>(part),
    saveRound: (part, round) => save(part, round.index, round),
    gates: () => read<LiveResult>("live"),
    saveGate: (number, gate) => save("live", number, gate),
  };
}
