/** One process, seen from outside through `/proc`. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { createCpuAccount } from "./cpu-account.ts";
import type { ThreadTimes } from "./cpu-account.ts";
import { present } from "../present.ts";
import { listProcFolder, readProcFile } from "./proc-file.ts";

/** Times only ever grow, and mean something as differences; the rest is as of now. What cannot be had is absent. */
export interface ProcessFigures {
  readonly cpuNs: number;
  readonly runqWaitNs?: number;
  readonly rssBytes?: number;
  readonly pssBytes?: number;
  /** Memory that is this process's alone: Private_Clean + Private_Dirty. */
  readonly ussBytes?: number;
  readonly fds?: number;
  readonly threads: number;
}

export interface ProcessReader {
  /** `undefined` once the process has ended, also when another one got its number. Without `memory` it costs a tenth. */
  read(memory?: boolean): ProcessFigures | undefined;
}

/** A tick is a hundredth of a second to user space, whatever the kernel's own clock does. */
export const TICK_NS = 10e6;

/** Reads process `pid` below `root`, the folder that holds `proc/`. */
export function createProcessReader(pid: number, root = "/"): ProcessReader {
  const folder = join(root, "proc", String(pid));
  const account = createCpuAccount();
  let startedAtTick: number | undefined;

  return {
    read(memory = true) {
      const times = readThreads(folder);
      const stat = readStat(folder);
      if (stat === undefined) return undefined;
      startedAtTick ??= stat.startedAtTick;
      if (stat.startedAtTick !== startedAtTick) return undefined;
      const cpu = times === undefined ? { cpuNs: stat.ticksNs, waitNs: undefined } : account.add(times, stat.ticksNs);
      return present({
        cpuNs: cpu.cpuNs,
        runqWaitNs: cpu.waitNs,
        ...(memory ? readMemory(folder) : {}),
        fds: countDescriptors(folder),
        threads: stat.threads,
      });
    },
  };
}

/** The threads' own times; `undefined` where the kernel does not keep them, which it tells with zeros. */
function readThreads(folder: string): ThreadTimes[] | undefined {
  const threads: ThreadTimes[] = [];
  let slices = 0;
  for (const tid of listProcFolder(join(folder, "task")) ?? []) {
    const fields = readProcFile(`${folder}/task/${tid}/schedstat`)?.split(" ");
    if (fields === undefined || fields.length < 3) continue;
    threads.push({ tid, cpuNs: Number(fields[0]), waitNs: Number(fields[1]) });
    slices += Number(fields[2]);
  }
  return slices > 0 ? threads : undefined;
}

interface Stat {
  readonly parentPid: number;
  readonly ticksNs: number;
  /** Of children that have ended and been waited for, and of theirs. */
  readonly waitedForTicksNs: number;
  readonly threads: number;
  readonly startedAtTick: number;
}

/** Fields 3 and on of proc(5)'s `stat`, behind the name, which may itself hold blanks and parentheses. */
export function readStat(folder: string): Stat | undefined {
  const text = readProcFile(join(folder, "stat"));
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields === undefined || fields.length < 20) return undefined;
  const threads = Number(fields[17]);
  // Ended, but its parent has not asked yet. A first thread may end before the others, though.
  if ((fields[0] === "Z" || fields[0] === "X") && threads <= 1) return undefined;
  return {
    parentPid: Number(fields[1]),
    ticksNs: (Number(fields[11]) + Number(fields[12])) * TICK_NS,
    waitedForTicksNs: (Number(fields[13]) + Number(fields[14])) * TICK_NS,
    threads,
    startedAtTick: Number(fields[19]),
  };
}

type Memory = Pick<{ [K in keyof ProcessFigures]: ProcessFigures[K] | undefined }, "rssBytes" | "pssBytes" | "ussBytes">;

/** `smaps_rollup`; RSS alone where that is missing or belongs to another user. */
function readMemory(folder: string): Partial<Memory> {
  const rollup = readProcFile(join(folder, "smaps_rollup"));
  if (rollup === undefined || rollup === "") return { rssBytes: kilobytes(readProcFile(join(folder, "status")), "VmRSS") };
  const clean = kilobytes(rollup, "Private_Clean");
  const dirty = kilobytes(rollup, "Private_Dirty");
  return {
    rssBytes: kilobytes(rollup, "Rss"),
    pssBytes: kilobytes(rollup, "Pss"),
    ussBytes: clean === undefined || dirty === undefined ? undefined : clean + dirty,
  };
}

/** The bytes of a line `name:   n kB`. */
export function kilobytes(text: string | undefined, name: string): number | undefined {
  const found = text === undefined ? null : new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text);
  return found === null ? undefined : Number(found[1]) * 1024;
}

/** Descriptors of the process with that folder in `/proc`. Since Linux 6.2 the folder's size is the number of descriptors; before, it is 0 and they must be listed. */
export function countDescriptors(folder: string): number | undefined {
  const path = join(folder, "fd");
  try {
    const { size } = statSync(path);
    if (size > 0) return size;
  } catch {
    return undefined;
  }
  return listProcFolder(path)?.length;
}
