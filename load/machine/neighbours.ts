/** Who else uses the cores of this machine. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { listProcFolder, readProcFile } from "../sampling/proc-file.ts";
import { TICK_NS } from "../sampling/process.ts";

export interface Neighbour {
  readonly pid: number;
  /** As the kernel has it, 15 bytes at most; it may be any text. */
  readonly name: string;
  readonly cores: number;
}

interface Seen {
  readonly name: string;
  readonly ticks: number;
  readonly startedAt: string;
}

/** Watches all processes for `durationMs` and names those that used at least a hundredth of a core, busiest first; never itself. */
export async function watchNeighbours(durationMs: number, root = "/"): Promise<Neighbour[]> {
  const before = look(root);
  const from = performance.now();
  await delay(durationMs);
  return compareLooks(before, look(root), performance.now() - from).filter(({ pid }) => pid !== process.pid);
}

/** What every process had used, by its number. */
export function look(root = "/"): Map<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const entry of listProcFolder(join(root, "proc")) ?? []) {
    const stat = /^\d+$/.test(entry) ? readProcFile(join(root, "proc", entry, "stat")) : undefined;
    const end = stat?.lastIndexOf(")") ?? -1;
    if (stat === undefined || end < 0) continue;
    const fields = stat.slice(end + 2).split(" ");
    seen.set(Number(entry), {
      name: stat.slice(stat.indexOf("(") + 1, end),
      ticks: Number(fields[11]) + Number(fields[12]),
      startedAt: fields[19] ?? "",
    });
  }
  return seen;
}

/** What happened between two looks; a process that began meanwhile counts from 0. */
export function compareLooks(before: ReadonlyMap<number, Seen>, after: ReadonlyMap<number, Seen>, elapsedMs: number): Neighbour[] {
  return [...after]
    .map(([pid, { name, ticks, startedAt }]) => {
      const earlier = before.get(pid);
      const used = ticks - (earlier?.startedAt === startedAt ? earlier.ticks : 0);
      return { pid, name, cores: (used * TICK_NS) / 1e6 / elapsedMs };
    })
    .filter(({ cores }) => cores >= 0.01)
    .sort((a, b) => b.cores - a.cores);
}
