/** The control groups this process is in, of either version of the hierarchy. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readProcFile } from "./proc-file.ts";

export type Controller = "cpu" | "memory";

export interface CgroupFolder {
  readonly version: 1 | 2;
  readonly path: string;
}

/**
 * Folders of the groups that hold this process, the innermost first, up to the root of the hierarchy; a limit of any of them holds.
 * Empty without cgroups. Folders need not exist: inside a container the path may be that of the host, so that only the root is there.
 */
export function cgroupFolders(controller: Controller, root = "/"): CgroupFolder[] {
  const base = join(root, "sys/fs/cgroup");
  const lines = (readProcFile(join(root, "proc/self/cgroup")) ?? "").split("\n").map((line) => line.split(":"));
  // v1 mounts by controller, `cpu` often together with `cpuacct`, with or without a link for each.
  const v1 = lines.find(([id, controllers]) => id !== "0" && controllers?.split(",").includes(controller));
  if (v1 !== undefined) return foldersOf(1, [join(base, controller), join(base, v1[1]!)], v1);
  // Mixtures of both versions mount the second beside the first.
  const v2 = lines.find(([id]) => id === "0");
  return v2 === undefined ? [] : foldersOf(2, [join(base, "unified"), base], v2);
}

function foldersOf(version: 1 | 2, mounts: readonly string[], line: readonly string[]): CgroupFolder[] {
  const mount = mounts.find((path) => existsSync(path));
  return mount === undefined ? [] : upwards(line.slice(2).join(":")).map((path) => ({ version, path: join(mount, path) }));
}

/** `/a/b` → `/a/b`, `/a`, `/`. */
function upwards(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== "..");
  return Array.from({ length: parts.length + 1 }, (_, cut) => `/${parts.slice(0, parts.length - cut).join("/")}`);
}
