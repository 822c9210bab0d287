/** A baseline's file. */
import { z } from "zod";
import { BASELINE_SCHEMA_VERSION } from "./baseline-record.ts";
import type { Baseline } from "./baseline-record.ts";
import { readSavedJson } from "./saved-json.ts";
import { saveFile } from "./save.ts";
import { UsageError } from "./usage-error.ts";

const share = z.number().nonnegative();
const count = z.number().int().nonnegative();

/** Fields that another version may have added are left alone. */
const form = z.looseObject({
  suite: z.string(),
  startedAt: z.string(),
  environment: z.looseObject({ cpu: z.string(), cores: z.number().positive(), node: z.string() }),
  noiseFloor: z.record(z.string(), share).optional(),
  cells: z.array(
    z.looseObject({
      server: z.string(),
      scenario: z.string(),
      trials: count,
      valid: count,
      reason: z.string().optional(),
      values: z.record(z.string(), z.array(z.number())),
      expected: z.number().nonnegative(),
      counts: z.record(z.string(), z.number().nonnegative()),
    }),
  ),
});

/** Problems that a message names; more would be the same mistake over and over. */
const MOST_PROBLEMS = 10;

/** Writes it as JSON, folders included; throws `SaveError`. */
export function saveBaseline(path: string, baseline: Baseline): Promise<void> {
  return saveFile(path, `${JSON.stringify(baseline, undefined, 2)}\n`);
}

/** Reads one back; throws {@link UsageError} where it is none, or not of this version, with all that is wrong in it. */
export async function readBaseline(path: string): Promise<Baseline> {
  const data = await readSavedJson(path, `no baseline was saved (\`gate --save-baseline ${path}\` writes one)`, BASELINE_SCHEMA_VERSION);
  const parsed = form.safeParse(data);
  if (parsed.success) return data as Baseline;
  const problems = parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`);
  const more = problems.length > MOST_PROBLEMS ? `; and ${problems.length - MOST_PROBLEMS} more` : "";
  throw new UsageError(`${path}: no baseline: ${problems.slice(0, MOST_PROBLEMS).join("; ")}${more}; save it again`);
}
