/** The whole machine: its cores, who waited for them, and the kernel's socket buffers. */
import { readFileSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { cgroupFolders } from "./cgroup.ts";
import { present } from "../present.ts";
import { readProcFile } from "./proc-file.ts";
import { kilobytes, TICK_NS } from "./process.ts";

/** Times and counts only ever grow, and mean something as differences; the rest is as of now. What cannot be had is absent. */
export interface HostFigures {
  /** Core time in use by anybody, without what was stolen. */
  readonly busyNs?: number;
  /** Core time that the hypervisor gave to others while something here wanted it. */
  readonly stealNs?: number;
  /** Core time without work, waiting for disks included. */
  readonly idleNs?: number;
  /** Time in which at least one task waited for a core. */
  readonly pressureNs?: number;
  /** Times the control groups of this process were held back for having used up their quota. */
  readonly throttled?: number;
  /** Kernel buffers of all TCP sockets. */
  readonly kernelSocketBytes?: number;
  /** Memory of the kernel's own objects that it cannot give back: sockets are among them. */
  readonly slabUnreclaimableBytes?: number;
  /** Tasks that ran or wanted to, averaged over the last minute. */
  readonly load1?: number;
}

export interface HostReader {
  read(): HostFigures;
}

/** Reads the machine below `root`, the folder that holds `proc/` and `sys/`. */
export function createHostReader(root = "/"): HostReader {
  const pageBytes = readPageBytes(root);
  // Only groups that count: the root group has no quota, and its file no such line.
  const groupFiles = cgroupFolders("cpu", root)
    .map(({ path }) => join(path, "cpu.stat"))
    .filter((path) => throttledOf(path) !== undefined);

  return {
    read() {
      const [, pages] = /^TCP:.* mem (\d+)/m.exec(readProcFile(join(root, "proc/net/sockstat")) ?? "") ?? [];
      const load = readProcFile(join(root, "proc/loadavg"))?.split(" ")[0];
      const pressureUs = /^some .*total=(\d+)/m.exec(readProcFile(join(root, "proc/pressure/cpu")) ?? "")?.[1];
      const throttled = groupFiles.map(throttledOf).filter((count) => count !== undefined);
      return present({
        ...coreTimes(readProcFile(join(root, "proc/stat"))),
        pressureNs: pressureUs === undefined ? undefined : Number(pressureUs) * 1000,
        throttled: throttled.length === 0 ? undefined : throttled.reduce((total, count) => total + count, 0),
        kernelSocketBytes: pages === undefined || pageBytes === undefined ? undefined : Number(pages) * pageBytes,
        slabUnreclaimableBytes: kilobytes(readProcFile(join(root, "proc/meminfo")), "SUnreclaim"),
        load1: load === undefined ? undefined : Number(load),
      });
    },
  };
}

/** The first line of `/proc/stat`: user nice system idle iowait irq softirq steal; guests are in user and nice already. */
function coreTimes(stat: string | undefined): Pick<HostFigures, "busyNs" | "stealNs" | "idleNs"> {
  const ticks = /^cpu +([\d ]+)/
    .exec(stat ?? "")?.[1]
    ?.split(" ")
    .map(Number);
  if (ticks === undefined || ticks.length < 8) return {};
  const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks as [number, number, number, number, number, number, number, number];
  return {
    busyNs: (user + nice + system + irq + softirq) * TICK_NS,
    stealNs: steal * TICK_NS,
    idleNs: (idle + iowait) * TICK_NS,
  };
}

function throttledOf(path: string): number | undefined {
  const count = /^nr_throttled (\d+)/m.exec(readProcFile(path) ?? "")?.[1];
  return count === undefined ? undefined : Number(count);
}

/** AT_PAGESZ (6) of the auxiliary vector, pairs of 64-bit words: nothing in Node tells the page size. */
function readPageBytes(root: string): number | undefined {
  let words: Buffer;
  try {
    words = readFileSync(join(root, "proc/self/auxv"));
  } catch {
    return undefined;
  }
  for (let at = 0; at + 16 <= words.length; at += 16) {
    const word = (offset: number): bigint => (endianness() === "LE" ? words.readBigUInt64LE(offset) : words.readBigUInt64BE(offset));
    if (word(at) === 6n) return Number(word(at + 8));
  }
  return undefined;
}
