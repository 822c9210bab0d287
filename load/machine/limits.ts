/** What this machine allows, read from `/proc` and `/sys`. */
import { join } from "node:path";
import { cgroupFolders } from "../sampling/cgroup.ts";
import { present } from "../present.ts";
import { readProcFile, readProcNumber } from "../sampling/proc-file.ts";
import { kilobytes } from "../sampling/process.ts";

/** Limits of the kernel, of this process and of its control groups; what cannot be had is absent. */
export interface Limits {
  /** Files a process may have open; Node raises its own soft limit to the hard one at start. */
  readonly descriptorsSoft?: number;
  readonly descriptorsHard?: number;
  /** `fs.nr_open`: how high the hard limit may be raised. */
  readonly descriptorsMax?: number;
  /** `fs.file-max`: files all processes together may have open, and how many are. */
  readonly filesMax?: number;
  readonly filesOpen?: number;
  /** Ports the kernel picks from for a client, both ends included, and how many of them are reserved. */
  readonly portRange?: { readonly first: number; readonly last: number; readonly reserved: number };
  /** Connections that may wait for `accept`. */
  readonly somaxconn?: number;
  readonly synBacklog?: number;
  /** Only where the kernel tracks connections. */
  readonly conntrack?: { readonly max: number; readonly count: number };
  /** Cores' worth of CPU time the control group may use; absent without a quota. */
  readonly cpuQuotaCores?: number;
  readonly memoryTotalBytes?: number;
  /** What can be had without swapping: of the machine, and below the limit of the control group. */
  readonly memoryAvailableBytes?: number;
  /** Limit of the control group; absent without one. */
  readonly memoryLimitBytes?: number;
  readonly swapTotalBytes?: number;
  readonly swapUsedBytes?: number;
  readonly load1?: number;
}

/** Reads below `root`, the folder that holds `proc/` and `sys/`. */
export function readLimits(root = "/"): Limits {
  const sysctl = (name: string): number | undefined => readProcNumber(join(root, "proc/sys", name));
  const [descriptorsSoft, descriptorsHard] = openFilesOf(readProcFile(join(root, "proc/self/limits")));
  const files = (readProcFile(join(root, "proc/sys/fs/file-nr")) ?? "").split(/\s+/);
  const meminfo = readProcFile(join(root, "proc/meminfo"));
  const swapTotalBytes = kilobytes(meminfo, "SwapTotal");
  const swapFreeBytes = kilobytes(meminfo, "SwapFree");
  const conntrackMax = sysctl("net/netfilter/nf_conntrack_max");
  const conntrackCount = sysctl("net/netfilter/nf_conntrack_count");
  const load1 = readProcFile(join(root, "proc/loadavg"))?.split(" ")[0];
  const group = groupMemory(root);
  return present({
    descriptorsSoft,
    descriptorsHard,
    descriptorsMax: sysctl("fs/nr_open"),
    filesMax: sysctl("fs/file-max"),
    filesOpen: files.length < 3 ? undefined : Number(files[0]) - Number(files[1]),
    portRange: readPorts(root),
    somaxconn: sysctl("net/core/somaxconn"),
    synBacklog: sysctl("net/ipv4/tcp_max_syn_backlog"),
    conntrack: conntrackMax === undefined || conntrackCount === undefined ? undefined : { max: conntrackMax, count: conntrackCount },
    cpuQuotaCores: cpuQuota(root),
    memoryTotalBytes: kilobytes(meminfo, "MemTotal"),
    memoryAvailableBytes: least([kilobytes(meminfo, "MemAvailable"), group.leftBytes]),
    memoryLimitBytes: group.limitBytes,
    swapTotalBytes,
    swapUsedBytes: swapTotalBytes === undefined || swapFreeBytes === undefined ? undefined : swapTotalBytes - swapFreeBytes,
    load1: load1 === undefined ? undefined : Number(load1),
  });
}

/** Files one process started from here may have open: the hard limit, for Node raises its soft one to it. 1024 where nobody tells. */
export function descriptorsPerProcess(root = "/"): number {
  const [soft, hard] = openFilesOf(readProcFile(join(root, "proc/self/limits")));
  return hard ?? soft ?? 1024;
}

/** Files that another process may have open: its soft limit, which is what it meets. */
export function descriptorsOf(pid: number, root = "/"): number | undefined {
  return openFilesOf(readProcFile(join(root, `proc/${pid}/limits`)))[0];
}

/** Soft and hard limit; "unlimited" has no number, and `fs.nr_open` bounds it anyway. */
function openFilesOf(limits: string | undefined): readonly (number | undefined)[] {
  const found = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(limits ?? "");
  return [found?.[1], found?.[2]].map((text) => (text === undefined || text === "unlimited" ? undefined : Number(text)));
}

function readPorts(root: string): Limits["portRange"] {
  const range = readProcFile(join(root, "proc/sys/net/ipv4/ip_local_port_range"))?.trim().split(/\s+/).map(Number);
  if (range === undefined || range.length !== 2) return undefined;
  const [first, last] = range as [number, number];
  const reserved = (readProcFile(join(root, "proc/sys/net/ipv4/ip_local_reserved_ports")) ?? "")
    .trim()
    .split(",")
    .filter((part) => part !== "")
    .map((part) => part.split("-").map(Number))
    .reduce((total, [from, to = from]) => total + Math.max(0, Math.min(to!, last) - Math.max(from!, first) + 1), 0);
  return { first, last, reserved };
}

/** v2 keeps `cpu.max` ("quota period" or "max period"), v1 two files, with −1 for none. */
function cpuQuota(root: string): number | undefined {
  return least(
    cgroupFolders("cpu", root).map(({ version, path }) => {
      if (version === 1) {
        const quota = readProcNumber(join(path, "cpu.cfs_quota_us"));
        const period = readProcNumber(join(path, "cpu.cfs_period_us"));
        return quota === undefined || period === undefined ? undefined : quota / period;
      }
      const [quota, period] = (readProcFile(join(path, "cpu.max")) ?? "max").trim().split(" ");
      return quota === "max" ? undefined : Number(quota) / Number(period);
    }),
  );
}

/** v1 says "no limit" with a number near 2⁶³. */
const NO_LIMIT_BYTES = 2 ** 60;

/** Page cache counts as used, though the kernel gives it back: `inactive_file` is taken off, as Kubernetes does. */
function groupMemory(root: string): { readonly limitBytes?: number; readonly leftBytes?: number } {
  const groups = cgroupFolders("memory", root).flatMap(({ version, path }) => {
    const [limitFile, usageFile, cacheName] =
      version === 2
        ? (["memory.max", "memory.current", "inactive_file"] as const)
        : (["memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"] as const);
    const limitBytes = readProcNumber(join(path, limitFile));
    if (limitBytes === undefined || limitBytes >= NO_LIMIT_BYTES) return [];
    const usedBytes = readProcNumber(join(path, usageFile));
    const cacheBytes = new RegExp(`^${cacheName} (\\d+)`, "m").exec(readProcFile(join(path, "memory.stat")) ?? "")?.[1];
    return [{ limitBytes, leftBytes: usedBytes === undefined ? undefined : Math.max(0, limitBytes - usedBytes + Number(cacheBytes ?? 0)) }];
  });
  return present({
    limitBytes: least(groups.map(({ limitBytes }) => limitBytes)),
    leftBytes: least(groups.map(({ leftBytes }) => leftBytes)),
  });
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
