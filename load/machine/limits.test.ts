import { describe, expect, it } from "vitest";
import { descriptorsPerProcess, readLimits } from "./limits.ts";
import { machineFixture } from "../sampling/machine-fixture.ts";

const openFiles = (soft: string, hard: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     \n`;
const MEMINFO = "MemTotal:       8000 kB\nMemFree:  1 kB\nMemAvailable:   6000 kB\nSwapTotal:      500 kB\nSwapFree:       100 kB\n";

describe("limits", () => {
  it("reads a plain machine", () => {
    const root = machineFixture({
      "proc/self/limits": openFiles("1024", "524288"),
      "proc/sys/fs/nr_open": "1048576\n",
      "proc/sys/fs/file-max": "9223372036854775807\n",
      "proc/sys/fs/file-nr": "448\t8\t2466177\n",
      "proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
      "proc/sys/net/ipv4/ip_local_reserved_ports": "\n",
      "proc/sys/net/core/somaxconn": "4096\n",
      "proc/sys/net/ipv4/tcp_max_syn_backlog": "2048\n",
      "proc/sys/net/netfilter/nf_conntrack_max": "262144\n",
      "proc/sys/net/netfilter/nf_conntrack_count": "12\n",
      "proc/meminfo": MEMINFO,
      "proc/loadavg": "0.45 0.14 0.03 2/86 6745\n",
    });
    expect(readLimits(root)).toEqual({
      descriptorsSoft: 1024,
      descriptorsHard: 524_288,
      descriptorsMax: 1_048_576,
      filesMax: 2 ** 63,
      filesOpen: 440,
      portRange: { first: 32_768, last: 60_999, reserved: 0 },
      somaxconn: 4096,
      synBacklog: 2048,
      conntrack: { max: 262_144, count: 12 },
      memoryTotalBytes: 8_192_000,
      memoryAvailableBytes: 6_144_000,
      swapTotalBytes: 512_000,
      swapUsedBytes: 409_600,
      load1: 0.45,
    });
  });

  it("has nothing where there is no /proc", () => {
    expect(readLimits(machineFixture({}))).toEqual({});
    expect(descriptorsPerProcess(machineFixture({}))).toBe(1024);
  });

  it.each([
    ["40000", 1],
    ["30000-30100", 0],
    ["32767-32770,60000,61000", 4],
    ["60990-65535", 10],
  ])("counts the reserved ports %s that lie in the range", (reserved, count) => {
    const root = machineFixture({
      "proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
      "proc/sys/net/ipv4/ip_local_reserved_ports": `${reserved}\n`,
    });
    expect(readLimits(root).portRange).toEqual({ first: 32_768, last: 60_999, reserved: count });
  });

  it.each([
    ["of version 2", { "proc/self/cgroup": "0::/box\n", "sys/fs/cgroup/box/cpu.max": "150000 100000\n" }, 1.5],
    ["of version 2 without one", { "proc/self/cgroup": "0::/box\n", "sys/fs/cgroup/box/cpu.max": "max 100000\n" }, undefined],
    [
      "of version 2, the tighter one further up",
      {
        "proc/self/cgroup": "0::/pod/box\n",
        "sys/fs/cgroup/pod/box/cpu.max": "300000 100000\n",
        "sys/fs/cgroup/pod/cpu.max": "200000 100000\n",
      },
      2,
    ],
    [
      "of version 1",
      {
        "proc/self/cgroup": "4:cpu,cpuacct:/x\n",
        "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us": "50000\n",
        "sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us": "100000\n",
      },
      0.5,
    ],
    [
      "of version 1 without one",
      {
        "proc/self/cgroup": "1:cpu:/\n",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      },
      undefined,
    ],
  ])("reads a CPU quota %s", (_, files, cores) => {
    expect(readLimits(machineFixture(files)).cpuQuotaCores).toBe(cores);
  });

  it("holds the memory of a control group of version 2 against that of the machine, and gives the page cache back", () => {
    const limits = readLimits(
      machineFixture({
        "proc/meminfo": MEMINFO,
        "proc/self/cgroup": "0::/box\n",
        "sys/fs/cgroup/box/memory.max": "4000000\n",
        "sys/fs/cgroup/box/memory.current": "3000000\n",
        "sys/fs/cgroup/box/memory.stat": "anon 5\ninactive_file 500000\n",
      }),
    );
    expect(limits).toMatchObject({ memoryTotalBytes: 8_192_000, memoryLimitBytes: 4_000_000, memoryAvailableBytes: 1_500_000 });
  });

  it("does the same in version 1, where a number near 2⁶³ means none", () => {
    const group = (limit: string): Record<string, string> => ({
      "proc/meminfo": MEMINFO,
      "proc/self/cgroup": "4:memory:/m\n",
      "sys/fs/cgroup/memory/m/memory.limit_in_bytes": limit,
      "sys/fs/cgroup/memory/m/memory.usage_in_bytes": "1000000\n",
      "sys/fs/cgroup/memory/m/memory.stat": "inactive_file 1\ntotal_inactive_file 400000\n",
    });
    expect(readLimits(machineFixture(group("2000000\n")))).toMatchObject({ memoryLimitBytes: 2_000_000, memoryAvailableBytes: 1_400_000 });
    const unlimited = readLimits(machineFixture(group("9223372036854771712\n")));
    expect(unlimited.memoryAvailableBytes).toBe(6_144_000);
    expect(unlimited).not.toHaveProperty("memoryLimitBytes");
  });

  it.each([
    [openFiles("1024", "4096"), 4096],
    [openFiles("20000", "20000"), 20_000],
    [openFiles("1024", "unlimited"), 1024],
  ])("says what one process may open: %s", (limits, expected) => {
    expect(descriptorsPerProcess(machineFixture({ "proc/self/limits": limits }))).toBe(expected);
  });
});
