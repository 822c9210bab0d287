/** The processes that a command and all it started belong to. */
import { join } from "node:path";
import { listProcFolder, readProcFile } from "./sampling/proc-file.ts";

/** Whether a process of the group still runs. One that has ended and that nobody has asked about, as below a container's first process, does not. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  const entries = listProcFolder("/proc");
  if (entries === undefined) return true;
  return entries.some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    const stat = readProcFile(join("/proc", entry, "stat")) ?? "";
    // After the name, which may hold anything: state, parent, group.
    const [state, , ofGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(ofGroup) === group && state !== "Z" && state !== "X";
  });
}
