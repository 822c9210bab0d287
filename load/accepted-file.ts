/** The file of accepted regressions: read, and checked with all of its problems at once. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ALL_ERRORS } from "./accepted.ts";
import type { AcceptedRegression } from "./accepted.ts";
import { METRICS } from "./metric.ts";
import { nearest } from "./nearest.ts";
import { present } from "./present.ts";
import { percent } from "./quantity.ts";
import { SuiteError } from "./suite-error.ts";
import { asList, asRecord } from "./suite/as-written.ts";
import { findingsOf } from "./suite/issues.ts";
import { readSource } from "./suite/source.ts";
import type { Finding, Path } from "./suite/source.ts";
import { UsageError } from "./usage-error.ts";

const text = z.string().regex(/\S/, { error: "a text that says something" });

const entry = z.strictObject({
  server: text,
  scenario: text.optional(),
  metric: text,
  reason: text,
  expires: z.string().refine(isDay, { error: "no such day", params: { expected: "a day as YYYY-MM-DD, such as 2026-12-31" } }),
  limit: z
    .union([z.string(), z.number()], { error: percent.expected })
    .transform((value, context) => {
      const share = percent.parse(value);
      if (share !== undefined && share > 0) return share;
      context.issues.push({
        code: "custom",
        input: value,
        message: `cannot read ${JSON.stringify(value)}`,
        params: { expected: percent.expected },
      });
      return z.NEVER;
    })
    .optional(),
});

const form = z.strictObject({ accepted: z.array(entry) });

/** Reads the file at `path`; throws {@link UsageError} where there is none, {@link SuiteError} with all that is wrong in it. */
export async function readAccepted(path: string, servers: readonly string[]): Promise<readonly AcceptedRegression[]> {
  let written: string;
  try {
    written = await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : message;
    throw new UsageError(`cannot read accepted regressions "${path}": ${reason}; expected a YAML file with a list accepted`);
  }
  return parseAccepted(written, path, servers);
}

/**
 * `servers` are the names that a gate may have; `file` is what problems are shown under. Whether an entry has expired, or concerns anything, is
 * for the gate to say: the file may be right and old.
 */
export function parseAccepted(written: string, file: string, servers: readonly string[]): readonly AcceptedRegression[] {
  const source = readSource(written);
  if (source.data === undefined) throw new SuiteError(file, written, source.problems);
  const parsed = form.safeParse(source.data, { reportInput: true });
  const findings = [
    ...(parsed.success ? [] : findingsOf(parsed.error.issues, [], z.toJSONSchema(form, { io: "input" }))),
    ...checkEntries(asRecord(source.data)["accepted"], servers),
  ];
  const problems = [...source.problems, ...findings.map((finding) => source.locate(finding))];
  if (problems.length > 0 || !parsed.success) throw new SuiteError(file, written, problems);
  return parsed.data.accepted.map(({ scenario, limit, ...rest }) => ({ ...rest, ...present({ scenario, limit }) }));
}

/** What is wrong beside the form: names that there are not, a size of something that has none, the same entry twice. */
function checkEntries(entries: unknown, servers: readonly string[]): Finding[] {
  const metrics = [...[...METRICS.values()].filter(({ better }) => better !== "none").map(({ name }) => name), ALL_ERRORS];
  const seen = new Set<string>();
  return asList(entries).flatMap((written, at): Finding[] => {
    const { server, scenario, metric, limit } = asRecord(written);
    const path: Path = ["accepted", at];
    const key = JSON.stringify([server, scenario, metric]);
    const twice = seen.has(key);
    seen.add(key);
    return [
      ...checkName([...path, "server"], "server", server, servers, `one of ${servers.join(", ")}`),
      ...checkName([...path, "metric"], "metric", metric, metrics, `a metric that \`list\` shows and that can get worse, or ${ALL_ERRORS}`),
      ...(limit !== undefined && typeof metric === "string" && isCount(metric)
        ? [
            {
              path: [...path, "limit"],
              atKey: true,
              message: `${metric} is a count of what should not happen: a share of it is no limit`,
              expected: "no limit here",
            },
          ]
        : []),
      ...(twice
        ? [{ path, message: "the same server, scenario and metric are accepted above already", expected: "one entry for each" }]
        : []),
    ];
  });
}

/** Every metric of a gate that has no ratio is without a unit and not a share of something. */
function isCount(metric: string): boolean {
  return metric === ALL_ERRORS || /^(messages_|server_fds_leaked$|connections_lost$)/.test(metric);
}

function checkName(path: Path, noun: string, name: unknown, names: readonly string[], expected: string): Finding[] {
  if (typeof name !== "string" || names.includes(name)) return [];
  return [{ path, message: `unknown ${noun} "${name}"`, expected, ...present({ suggestion: nearest(name, names) }) }];
}

/** Written as YYYY-MM-DD, and in the calendar: there is no 31st of February. */
function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
