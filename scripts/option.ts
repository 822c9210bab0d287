import { InvalidArgumentError, Option } from "commander";
import { count, duration, percent } from "../load/quantity.ts";

/** An option that is also an environment variable: `--charts-dir` is PUSHBENCH_CHARTS_DIR. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(
    `PUSHBENCH_${made
      .attributeName()
      .replaceAll(/([A-Z])/g, "_$1")
      .toUpperCase()}`,
  );
}

/** A whole number from `min` to `max`, in a suite's notation (`10k`). */
export function countOption(flags: string, description: string, min: number, max: number): Option {
  return option(flags, description).argParser((text) => {
    const value = count.parse(text);
    if (value !== undefined && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected ${count.expected}, from ${min} to ${max}.`);
  });
}

/** A duration of `minMs` at least, in a suite's notation (`10s`); its value is in ms. */
export function durationOption(flags: string, description: string, minMs: number): Option {
  return option(flags, description).argParser((text) => {
    const value = duration.parse(text);
    if (value !== undefined && value >= minMs) return value;
    throw new InvalidArgumentError(`Expected ${duration.expected}, of ${minMs / 1000}s or more.`);
  });
}

/** A percentage from `min` to `max`, both shares (`3%` is 0.03), as is its value. */
export function percentOption(flags: string, description: string, min: number, max: number): Option {
  return option(flags, description).argParser((text) => {
    const value = percent.parse(text);
    if (value !== undefined && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected ${percent.expected}, from ${min * 100}% to ${max * 100}%.`);
  });
}

/** Names that come one a word, one a flag or separated by commas; the last is how an environment variable lists them. */
export function namesOption(flags: string, description: string): Option {
  return option(flags, description).argParser<string[]>((text, before) => [
    ...(before ?? []),
    ...text.split(",").filter((name) => name !== ""),
  ]);
}

/** Switches that the environment turns off: commander takes any value for yes, `0`, `false` and nothing included. */
export function withoutDisabledSwitches(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !name.startsWith("PUSHBENCH_") || !["", "0", "false", "no"].includes(value ?? "")),
  );
}
