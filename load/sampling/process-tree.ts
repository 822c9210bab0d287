/** Processes and all that they started, seen from outside as one. */
import { join } from "node:path";
import { createCpuAccount } from "./cpu-account.ts";
import { listProcFolder } from "./proc-file.ts";
import { createProcessReader, readStat } from "./process.ts";
import type { ProcessFigures, ProcessReader } from "./process.ts";
import { present } from "../present.ts";
import { sumProcesses } from "./raw-sample.ts";

/**
 * Reads the processes `pids` and those below them, each once and found anew at each look, below `root`, the folder that holds `proc/`;
 * `undefined` once one of `pids` has ended. One that was seen belongs to them as long as it lives, also when its parent has ended.
 *
 * CPU time never goes back: a process that ended keeps counting with what it had when it was last seen, and what it or one that nobody
 * saw took besides is added where its parent has waited for it, to within the ticks in which the kernel tells (10 ms).
 */
export function createTreeReader(pids: readonly number[], root = "/"): ProcessReader {
  const proc = join(root, "proc");
  const account = createCpuAccount();
  const readers = new Map(pids.map((pid) => [pid, createProcessReader(pid, root)]));

  return {
    read(memory) {
      for (const found of descendants(proc, [...readers.keys()])) {
        if (!readers.has(found)) readers.set(found, createProcessReader(found, root));
      }
      const living: { readonly pid: number; readonly ticksNs: number; readonly figures: ProcessFigures }[] = [];
      // Parents come first: a child that ends between the two looks is then missing in both, not counted twice.
      for (const [each, reader] of readers) {
        const stat = readStat(join(proc, String(each)));
        const figures = reader.read(memory);
        if (stat === undefined || figures === undefined) readers.delete(each);
        else living.push({ pid: each, ticksNs: stat.ticksNs + stat.waitedForTicksNs, figures });
      }
      const sum = sumProcesses(living.map(({ figures }) => figures));
      if (sum === undefined || !pids.every((pid) => readers.has(pid))) return undefined;
      const times = account.add(
        living.map((each) => ({ tid: String(each.pid), cpuNs: each.figures.cpuNs, waitNs: each.figures.runqWaitNs ?? 0 })),
        living.reduce((total, { ticksNs }) => total + ticksNs, 0),
      );
      return { ...sum, cpuNs: times.cpuNs, ...present({ runqWaitNs: sum.runqWaitNs === undefined ? undefined : times.waitNs }) };
    },
  };
}

/** Processes below those given, each after its parent. Every process of the machine is asked for its parent, for not every kernel lists children. */
function descendants(proc: string, ancestors: readonly number[]): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of listProcFolder(proc) ?? []) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(join(proc, name));
    if (stat === undefined) continue;
    const siblings = childrenOf.get(stat.parentPid);
    if (siblings === undefined) childrenOf.set(stat.parentPid, [Number(name)]);
    else siblings.push(Number(name));
  }
  const found = new Set(ancestors);
  // A set hands out what is added to it meanwhile, too.
  for (const parent of found) for (const child of childrenOf.get(parent) ?? []) found.add(child);
  return [...found];
}
