/** What the schema finds wrong, in words for a person. */
import type { z } from "zod";
import { nearest } from "../nearest.ts";
import { suiteJsonSchema } from "./schema.ts";
import type { Finding, Path } from "./source.ts";

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

/** One finding an issue, or several where one issue stands for several mistakes; `schema` knows the keys that there are, a suite's unless given. */
export function findingsOf(issues: readonly Issue[], base: Path = [], schema: JsonSchema = suiteJsonSchema()): Finding[] {
  return issues.flatMap((issue) => explain(issue, [...base, ...(issue.path as (string | number)[])], schema));
}

function explain(issue: Issue, path: Path, schema: JsonSchema): Finding[] {
  const input = issue.input;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(path, schema);
      return issue.keys.map((key) => ({
        path: [...path, key],
        atKey: true,
        message: `unknown key "${key}"`,
        expected: oneOf(known),
        ...suggest(key, known),
      }));
    }
    case "invalid_union": {
      // The branch that fits the kind of value is the one that was meant; without one, the union's own message says what was expected.
      const meant = issue.errors.filter((branch) => !branch.some(({ code, path: at }) => at.length === 0 && isMismatch(code)));
      return meant.length === 1 ? findingsOf(meant[0]!, path, schema) : [{ path, ...mismatch(path, input, issue.message) }];
    }
    case "invalid_type":
      return [{ path, ...mismatch(path, input, TYPE_WORDS[issue.expected] ?? issue.expected) }];
    case "invalid_value": {
      const words = issue.values.map(String);
      return [{ path, message: `${field(path)} cannot be ${shown(input)}`, expected: oneOf(words), ...suggest(String(input), words) }];
    }
    case "custom": {
      const { expected, suggestion, offset, length } = (issue.params ?? {}) as Partial<Finding>;
      const message = offset === undefined ? `${field(path)}: ${issue.message}` : issue.message;
      return [{ path, message, ...defined({ expected, suggestion, offset, length }) }];
    }
    default:
      return [{ path, message: `${field(path)} cannot be ${shown(input)}`, expected: issue.message }];
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
};

function isMismatch(code: string | undefined): boolean {
  return code === "invalid_type" || code === "invalid_value";
}

function mismatch(path: Path, input: unknown, expected: string): Pick<Finding, "message" | "expected"> {
  if (input === undefined) return { message: `${field(path)} is missing`, expected };
  if (input === null) return { message: `${field(path)} has no value`, expected };
  return { message: `${field(path)} cannot be ${shown(input)}`, expected };
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The name of what stands at `path`: its key, with its place where it is one of a list. */
function field(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  if (typeof last === "string") return last;
  return `${String(path.at(-2) ?? "entry")}[${last}]`;
}

/** Keys that the schema knows for the map at `path`. */
function keysAt(path: Path, schema: JsonSchema): string[] {
  let options: JsonSchema[] = [schema];
  for (const part of path) {
    const below = options.flatMap((option) => option.anyOf ?? [option]);
    options = below.flatMap((option) => {
      const next = typeof part === "number" ? option.items : option.properties?.[part];
      return typeof next === "object" && !Array.isArray(next) ? [next] : [];
    });
  }
  return options.flatMap((option) => option.anyOf ?? [option]).flatMap((option) => Object.keys(option.properties ?? {}));
}

function suggest(word: string, words: readonly string[]): Pick<Finding, "suggestion"> {
  return defined({ suggestion: nearest(word, words) });
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? `"${words[0]}"` : `one of ${words.join(", ")}`;
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
