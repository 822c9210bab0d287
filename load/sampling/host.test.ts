import { describe, expect, it } from "vitest";
import { createHostReader } from "./host.ts";
import { machineFixture } from "./machine-fixture.ts";

const STAT = "cpu  100 10 50 1000 20 5 15 7 3 1\ncpu0 50 5 25 500 10 2 8 3 1 1\n";

/** An auxiliary vector in this machine's byte order: AT_HWCAP, then AT_PAGESZ. */
const auxv = (pageBytes: number): Buffer => Buffer.from(new BigUint64Array([16n, 999n, 6n, BigInt(pageBytes), 0n, 0n]).buffer);

describe("host", () => {
  it("tells busy, stolen and idle core time, pressure, socket buffers and load", () => {
    const root = machineFixture({
      "proc/stat": STAT,
      "proc/pressure/cpu": "some avg10=0.01 avg60=0.17 avg300=0.21 total=9817626\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n",
      "proc/net/sockstat": "sockets: used 12\nTCP: inuse 1 orphan 0 tw 7 alloc 1 mem 274\nUDP: inuse 0 mem 9\n",
      "proc/self/auxv": auxv(16_384),
      "proc/meminfo": "Slab:              60 kB\nSReclaimable:      20 kB\nSUnreclaim:        40 kB\n",
      "proc/loadavg": "0.45 0.14 0.03 2/86 6745\n",
    });
    expect(createHostReader(root).read()).toEqual({
      busyNs: 180 * 10e6,
      stealNs: 70e6,
      idleNs: 1020 * 10e6,
      pressureNs: 9_817_626_000,
      kernelSocketBytes: 274 * 16_384,
      slabUnreclaimableBytes: 40 * 1024,
      load1: 0.45,
    });
  });

  it("has nothing where there is nothing, and never 0", () => {
    expect(createHostReader(machineFixture({})).read()).toEqual({});
    expect(createHostReader(machineFixture({ "proc/stat": STAT, "proc/pressure/cpu": "" })).read()).not.toHaveProperty("pressureNs");
  });

  it("does not guess the size of a page", () => {
    const root = machineFixture({ "proc/net/sockstat": "TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 274\n" });
    expect(createHostReader(root).read()).toEqual({});
  });

  it.each([
    ["of version 2", "0::/pod/box\n", "sys/fs/cgroup/pod/box/cpu.stat"],
    ["of version 2, held back one level up", "0::/pod/box\n", "sys/fs/cgroup/pod/cpu.stat"],
    ["of version 2 with the host's path inside a container", "0::/../../pod/box\n", "sys/fs/cgroup/cpu.stat"],
    ["of version 1", "5:memory:/m\n4:cpu,cpuacct:/docker/x\n1:name=systemd:/s\n0::/\n", "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.stat"],
    ["of version 1 with a link for the controller", "4:cpu,cpuacct:/docker/x\n", "sys/fs/cgroup/cpu/docker/x/cpu.stat"],
    ["of version 2 beside version 1", "3:memory:/m\n0::/box\n", "sys/fs/cgroup/unified/box/cpu.stat"],
  ])("counts throttling in a control group %s", (_, cgroup, file) => {
    const root = machineFixture({ "proc/self/cgroup": cgroup, [file]: "nr_periods 20\nnr_throttled 17\nthrottled_usec 5\n" });
    expect(createHostReader(root).read()).toEqual({ throttled: 17 });
  });

  it("says nothing of throttling in a group that has no quota to keep", () => {
    const root = machineFixture({ "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.stat": "usage_usec 5\nuser_usec 3\n" });
    expect(createHostReader(root).read()).toEqual({});
  });
});
