/** A gate's folder: `gate.json` and a file a round; written as the gate goes on, read back by whatever judges it. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { GATE_SCHEMA_VERSION } from "./gate-record.ts";
import type { GateRecord, GateRound, SavedGate } from "./gate-record.ts";
import { readSavedJson } from "./saved-json.ts";
import { saveFile } from "./save.ts";

const RECORD = "gate.json";
const ROUNDS = "rounds";

export function saveGate(directory: string, record: GateRecord): Promise<void> {
  return saveFile(join(directory, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

export function saveRound(directory: string, round: GateRound): Promise<void> {
  return saveFile(join(directory, ROUNDS, `${String(round.index).padStart(4, "0")}.json`), `${JSON.stringify(round)}\n`);
}

/** Whether a folder holds a gate. */
export async function isGate(directory: string): Promise<boolean> {
  return (await readdir(directory).catch((): string[] => [])).includes(RECORD);
}

/** Reads a gate back; throws {@link UsageError} where it is none, is broken, or was written by another version. */
export async function readGate(directory: string): Promise<SavedGate> {
  const record = (await readJson(join(directory, RECORD), `${directory} holds no gate`)) as GateRecord;
  const files = await readdir(join(directory, ROUNDS)).catch((): string[] => []);
  const rounds = await Promise.all(
    files
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => readJson(join(directory, ROUNDS, name), `${directory} changed meanwhile`)),
  );
  return { directory, record, rounds: (rounds as GateRound[]).toSorted((a, b) => a.index - b.index) };
}

function readJson(file: string, missing: string): Promise<unknown> {
  return readSavedJson(file, missing, GATE_SCHEMA_VERSION);
}
