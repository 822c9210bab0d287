import { describe, expect, it } from "vitest";
import type { FindingStatus } from "./finding.ts";
import type { Limits } from "./limits.ts";
import { compareVersions, judgeMachine } from "./machine-finding.ts";
import type { MachineFacts } from "./machine-finding.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Software } from "./software.ts";

const SOFTWARE: Software = {
  platform: "linux",
  node: "20.20.2",
  nodeRequired: "20.18.1",
  glibc: "2.36",
  cores: 8,
  uWebSockets: { loads: true, version: "3.0.6" },
  ss: true,
};
const LIMITS: Limits = {
  descriptorsSoft: 1024,
  descriptorsHard: 524_288,
  descriptorsMax: 1_048_576,
  filesMax: 2_466_177,
  filesOpen: 448,
  portRange: { first: 32_768, last: 60_999, reserved: 0 },
  somaxconn: 4096,
  synBacklog: 2048,
  memoryTotalBytes: 32 * 2 ** 30,
  memoryAvailableBytes: 24 * 2 ** 30,
  swapTotalBytes: 0,
  swapUsedBytes: 0,
  load1: 0.2,
};

interface Facts {
  readonly software?: Partial<Software>;
  readonly limits?: Limits;
  readonly neighbours?: readonly Neighbour[];
}

function factsOf({ software, limits, neighbours = [] }: Facts): MachineFacts {
  return { software: { ...SOFTWARE, ...software }, limits: { ...LIMITS, ...limits }, neighbours };
}

describe("findings about a machine", () => {
  it("are all well on a large, quiet one, and then give no advice", () => {
    for (const finding of judgeMachine(factsOf({}))) {
      expect(finding, finding.subject).toMatchObject({ status: "ok" });
      expect(finding).not.toHaveProperty("advice");
    }
  });

  it.each<[subject: string, facts: Facts, status: FindingStatus, found: RegExp, advice: RegExp]>([
    ["Node.js", { software: { node: "20.9.0" } }, "bad", /^20\.9\.0$/, /install Node\.js 20\.18\.1 or later/],
    ["system", { software: { platform: "darwin" } }, "warn", /^darwin$/, /measure on Linux/],
    [
      "uWebSockets.js",
      { software: { uWebSockets: { loads: false, reason: "it is not installed" } } },
      "warn",
      /not installed/,
      /npm install/,
    ],
    [
      "uWebSockets.js",
      {
        software: {
          node: "22.1.0",
          uWebSockets: { loads: false, reason: "its binary for Node 22.1.0 needs glibc 2.38, and this machine has 2.36" },
        },
      },
      "warn",
      /needs glibc 2\.38/,
      /newer distribution, or on Node\.js 20/,
    ],
    [
      "uWebSockets.js",
      { software: { uWebSockets: { loads: false, reason: "it ships no binary for Node 19.0.0 on this platform" } } },
      "warn",
      /Node 19/,
      /Node\.js version/,
    ],
    ["ss (iproute2)", { software: { ss: false } }, "warn", /^not found$/, /iproute2/],
    ["cores", { software: { cores: 2 } }, "warn", /^2$/, /4 cores or more/],
    ["cores", { limits: { cpuQuotaCores: 1.5 } }, "warn", /^8, of which the control group may use 1\.5$/, /CPU limit/],
    ["descriptors a process", { limits: { descriptorsHard: 4096 } }, "warn", /^4,096$/, /up to 1,048,576: ulimit/],
    ["descriptors a process", { limits: { descriptorsHard: 128 } }, "bad", /^128$/, /LimitNOFILE/],
    ["open files of the machine", { limits: { filesMax: 65_536 } }, "warn", /^448 of 65,536$/, /fs\.file-max/],
    [
      "client ports",
      { limits: { portRange: { first: 60_000, last: 60_999, reserved: 10 } } },
      "warn",
      /^60000 to 60999, 10 of them reserved$/,
      /ip_local_port_range/,
    ],
    ["accept queue", { limits: { somaxconn: 128 } }, "warn", /^somaxconn 128, SYN backlog 2,048$/, /somaxconn=4096/],
    ["connection tracking", { limits: { conntrack: { max: 8192, count: 100 } } }, "warn", /^100 of 8,192$/, /nf_conntrack_max/],
    ["memory", { limits: { memoryAvailableBytes: 700 * 2 ** 20 } }, "warn", /^700 MiB available of 32\.0 GiB$/, /end what else/],
    [
      "memory",
      { limits: { memoryAvailableBytes: 100 * 2 ** 20, memoryLimitBytes: 2 ** 29 } },
      "bad",
      /^100 MiB available of 512 MiB, the limit of the control group$/,
      /container's memory limit/,
    ],
    ["swap", { limits: { swapUsedBytes: 2 ** 30 } }, "warn", /^1\.0 GiB in use$/, /swapoff/],
    ["load", { limits: { load1: 4.01 } }, "warn", /^4\.01 over the last minute, on 8 cores$/, /wait/],
    ["load", { limits: { load1: 1.01, cpuQuotaCores: 2 } }, "warn", /on 2 cores$/, /wait/],
    [
      "other processes",
      {
        neighbours: [
          { pid: 7, name: "a\u001b[31mb", cores: 1.5 },
          { pid: 8, name: "c", cores: 0.02 },
        ],
      },
      "warn",
      /^1\.52 cores: a\?\[31mb \(pid 7\) 1\.50, c \(pid 8\) 0\.02$/,
      /end them/,
    ],
  ])("name %s, what was found and what to do", (subject, facts, status, found, advice) => {
    const finding = judgeMachine(factsOf(facts)).find((each) => each.subject === subject)!;
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
    expect(finding.advice).toMatch(advice);
  });

  it("call measurements doubtful while others are busy, and not for a little noise", () => {
    const other = (cores: number): string[] =>
      judgeMachine(factsOf({ limits: { load1: 5 }, neighbours: [{ pid: 7, name: "cc", cores }] }))
        .filter(({ allows }) => allows === "measurements here would be doubtful")
        .map(({ subject }) => subject);
    expect(other(0.5)).toEqual(["load", "other processes"]);
    expect(other(0.1)).toEqual(["load"]);
  });

  it("are silent about what could not be read", () => {
    const subjects = judgeMachine({ software: { ...SOFTWARE, platform: "win32" }, limits: {}, neighbours: [] }).map(
      ({ subject }) => subject,
    );
    expect(subjects).toEqual(["Node.js", "system", "uWebSockets.js", "ss (iproute2)", "cores"]);
  });

  it("compare versions by number, not by letter", () => {
    expect(compareVersions("20.9.0", "20.18.1")).toBeLessThan(0);
    expect(compareVersions("20.18.1", "20.18.1")).toBe(0);
    expect(compareVersions("22.0.0-nightly", "20.18.1")).toBeGreaterThan(0);
  });
});
