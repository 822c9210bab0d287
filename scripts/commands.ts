/** The commands by their names, in the order of the help. */
import type { Command } from "commander";

/** Each is loaded when it is asked for: all of them are half a second of CPU time. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./commands/run.ts")).runCommand(),
  capacity: async () => (await import("./commands/capacity.ts")).capacityCommand(),
  report: async () => (await import("./commands/report.ts")).reportCommand(),
  compare: async () => (await import("./commands/compare.ts")).compareCommand(),
  gate: async () => (await import("./commands/gate.ts")).gateCommand(),
  history: async () => (await import("./commands/history.ts")).historyCommand(),
  open: async () => (await import("./commands/open.ts")).openCommand(),
  init: async () => (await import("./commands/init.ts")).initCommand(),
  list: async () => (await import("./commands/list.ts")).listCommand(),
  validate: async () => (await import("./commands/validate.ts")).validateCommand(),
  serve: async () => (await import("./commands/serve.ts")).serveCommand(),
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  selftest: async () => (await import("./commands/selftest.ts")).selftestCommand(),
  schema: async () => (await import("./commands/schema.ts")).schemaCommand(),
};

/** Those that these words may need: none for the version, all for the help and for a name that is none. */
export function commandsFor(words: readonly string[]): Promise<Command[]> {
  if (words.length > 0 && words.every((word) => ["-V", "--version"].includes(word))) return Promise.resolve([]);
  // No option before a command takes a value.
  const first = words.find((word) => !word.startsWith("-"));
  const load = first !== undefined && Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return load === undefined ? loadCommands() : load().then((command) => [command]);
}

export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
