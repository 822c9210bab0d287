/** Which history a command reads or adds to. */
import { Option } from "commander";
import type { Command } from "commander";
import { HISTORY_FILE } from "../load/history.ts";
import { option } from "./option.ts";

export interface HistoryChoice {
  /** A file, or `false` for none; absent: the usual one. */
  readonly history?: string | false;
}

export function historyOption(): Option {
  return option("--history <file>", `results over time, a line a cell (default: ${HISTORY_FILE})`);
}

/** For a command that can do without: `--history <file>` and `--no-history`, which is PUSHBENCH_NO_HISTORY too. */
export function addHistoryOptions(command: Command, without: string): Command {
  return command.addOption(historyOption()).addOption(new Option("--no-history", without).env("PUSHBENCH_NO_HISTORY"));
}
