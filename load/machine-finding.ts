/** What a machine is good for, as a list of findings; pure. */
import { LOOPBACK_ADDRESSES, portCount, rounded } from "./headroom.ts";
import type { Limits } from "./limits.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Software } from "./software.ts";

export interface MachineFacts {
  readonly software: Software;
  readonly limits: Limits;
  readonly neighbours: readonly Neighbour[];
}

/** `bad`: pushbench does not work, or not to any use; `warn`: it does, with something lacking or doubtful. */
export type FindingStatus = "ok" | "warn" | "bad";

export interface Finding {
  readonly subject: string;
  /** What was found, with the value. */
  readonly found: string;
  /** What that allows. */
  readonly allows: string;
  readonly status: FindingStatus;
  /** How to raise it; with every status but `ok`. */
  readonly advice?: string;
}

/** Below these a measurement is possible, but not a large one. */
const FEW = { cores: 4, descriptors: 10_000, files: 100_000, ports: 20_000, conntrack: 50_000, backlog: 1024, memoryBytes: 2 ** 30 } as const;
/** Below these it hardly is. */
const TOO_FEW = { descriptors: 256, memoryBytes: 256 * 2 ** 20 } as const;
/** Cores that neighbours may use before they stand in the figures. */
const QUIET_CORES = 0.2;
const DOUBTFUL = "measurements here would be doubtful";

/** Judges everything that was read; what could not be read has no finding. */
export function judgeMachine(facts: MachineFacts): Finding[] {
  const { software, limits } = facts;
  return [
    judgeNode(software),
    judgePlatform(software),
    judgeUWebSockets(software),
    judgeSs(software),
    judgeCores(software, limits),
    ...descriptorFindings(limits),
    ...networkFindings(limits),
    ...memoryFindings(limits),
    ...busyFindings(facts),
  ];
}

function judgeNode({ node, nodeRequired }: Software): Finding {
  const subject = "Node.js";
  if (compareVersions(node, nodeRequired) >= 0) return { subject, found: node, allows: "everything", status: "ok" };
  return { subject, found: node, allows: "nothing for certain", status: "bad", advice: `install Node.js ${nodeRequired} or later` };
}

function judgePlatform({ platform, glibc }: Software): Finding {
  const subject = "system";
  if (platform === "linux") {
    return { subject, found: `linux, ${glibc === undefined ? "no glibc" : `glibc ${glibc}`}`, allows: "figures of the server from outside", status: "ok" };
  }
  return {
    subject,
    found: platform,
    allows: "latency and delivery; CPU, memory and descriptors of the server are absent",
    status: "warn",
    advice: "measure on Linux, which tells these in /proc",
  };
}

function judgeUWebSockets({ uWebSockets, node }: Software): Finding {
  const subject = "uWebSockets.js";
  if (uWebSockets.loads) return { subject, found: uWebSockets.version, allows: "the servers that stand on it", status: "ok" };
  const { reason } = uWebSockets;
  const advice = reason.includes("not installed")
    ? "npm install, without --omit=optional"
    : reason.includes("glibc")
      ? `run on a newer distribution${compareVersions(node, "22") >= 0 ? ", or on Node.js 20, whose binary needs glibc 2.27 only" : ""}`
      : "use a Node.js version that it has a binary for";
  return { subject, found: reason, allows: "all other servers", status: "warn", advice };
}

function judgeSs({ ss }: Software): Finding {
  const subject = "ss (iproute2)";
  if (ss) return { subject, found: "present", allows: "figures of single sockets", status: "ok" };
  return { subject, found: "not found", allows: "all but figures of single sockets", status: "warn", advice: "install the package iproute2" };
}

function judgeCores({ cores }: Software, { cpuQuotaCores }: Limits): Finding {
  const subject = "cores";
  if (cpuQuotaCores !== undefined && cpuQuotaCores < cores) {
    return {
      subject,
      found: `${cores}, of which the control group may use ${plain(cpuQuotaCores)}`,
      allows: "a trial that is throttled is invalid",
      status: "warn",
      advice: "raise the container's CPU limit, or take it off",
    };
  }
  if (cores >= FEW.cores) return { subject, found: String(cores), allows: "server, publisher and subscribers side by side", status: "ok" };
  return {
    subject,
    found: String(cores),
    allows: cores === 1 ? "everything takes turns on one core" : `server, publisher and subscribers share ${cores}`,
    status: "warn",
    advice: `use ${FEW.cores} cores or more, or low rates: waiting for a core stands in the latencies`,
  };
}

function descriptorFindings({ descriptorsSoft, descriptorsHard, descriptorsMax, filesMax, filesOpen = 0 }: Limits): Finding[] {
  const findings: Finding[] = [];
  const perProcess = descriptorsHard ?? descriptorsSoft;
  if (perProcess !== undefined) {
    const few = perProcess < FEW.descriptors;
    findings.push({
      subject: "descriptors a process",
      found: thousands(perProcess),
      allows: `about ${rounded(perProcess)} connections a process`,
      status: perProcess < TOO_FEW.descriptors ? "bad" : few ? "warn" : "ok",
      ...(few
        ? {
            advice: `raise the hard limit${descriptorsMax === undefined ? "" : `, up to ${thousands(descriptorsMax)}`}: ulimit -Hn as root, LimitNOFILE= in systemd, docker run --ulimit nofile=…`,
          }
        : {}),
    });
  }
  if (filesMax !== undefined) {
    const left = Math.max(0, filesMax - filesOpen);
    const few = left < FEW.files;
    findings.push({
      subject: "open files of the machine",
      found: `${thousands(filesOpen)} of ${filesMax >= Number.MAX_SAFE_INTEGER ? "any number" : thousands(filesMax)}`,
      allows: filesMax >= Number.MAX_SAFE_INTEGER ? "any number of connections" : `about ${rounded(left / 2)} connections, both ends here`,
      status: few ? "warn" : "ok",
      ...(few ? { advice: "sysctl -w fs.file-max=1000000" } : {}),
    });
  }
  return findings;
}

function networkFindings({ portRange, somaxconn, synBacklog, conntrack }: Limits): Finding[] {
  const findings: Finding[] = [];
  if (portRange !== undefined) {
    const ports = portCount(portRange);
    const few = ports < FEW.ports;
    findings.push({
      subject: "client ports",
      found: `${portRange.first} to ${portRange.last}${portRange.reserved > 0 ? `, ${thousands(portRange.reserved)} of them reserved` : ""}`,
      allows: `${thousands(ports)} connections an address to a server port; 127.0.0.0/8 has ${rounded(LOOPBACK_ADDRESSES)} addresses`,
      status: few ? "warn" : "ok",
      ...(few ? { advice: 'sysctl -w net.ipv4.ip_local_port_range="10240 65535", or more instances: each has a port of its own' } : {}),
    });
  }
  if (somaxconn !== undefined) {
    const few = somaxconn < FEW.backlog;
    findings.push({
      subject: "accept queue",
      found: `somaxconn ${thousands(somaxconn)}${synBacklog === undefined ? "" : `, SYN backlog ${thousands(synBacklog)}`}`,
      allows: `${thousands(somaxconn)} connections may wait to be accepted`,
      status: few ? "warn" : "ok",
      ...(few ? { advice: "sysctl -w net.core.somaxconn=4096, or connect more slowly" } : {}),
    });
  }
  if (conntrack !== undefined) {
    const left = Math.max(0, conntrack.max - conntrack.count);
    const few = left < FEW.conntrack;
    findings.push({
      subject: "connection tracking",
      found: `${thousands(conntrack.count)} of ${thousands(conntrack.max)}`,
      allows: `${thousands(left)} connections more, where the firewall tracks them`,
      status: few ? "warn" : "ok",
      ...(few ? { advice: "sysctl -w net.netfilter.nf_conntrack_max=262144, or exempt loopback from tracking" } : {}),
    });
  }
  return findings;
}

function memoryFindings({ memoryTotalBytes, memoryAvailableBytes, memoryLimitBytes, swapUsedBytes }: Limits): Finding[] {
  const findings: Finding[] = [];
  if (memoryAvailableBytes !== undefined) {
    const few = memoryAvailableBytes < FEW.memoryBytes;
    const of = memoryLimitBytes ?? memoryTotalBytes;
    findings.push({
      subject: "memory",
      found: `${gibibytes(memoryAvailableBytes)} available${of === undefined ? "" : ` of ${gibibytes(of)}${memoryLimitBytes === undefined ? "" : ", the limit of the control group"}`}`,
      allows: few ? "small trials" : "trials of any pattern",
      status: memoryAvailableBytes < TOO_FEW.memoryBytes ? "bad" : few ? "warn" : "ok",
      ...(few ? { advice: memoryLimitBytes === undefined ? "end what else uses memory" : "raise the container's memory limit" } : {}),
    });
  }
  if (swapUsedBytes !== undefined) {
    const some = swapUsedBytes > 0;
    findings.push({
      subject: "swap",
      found: some ? `${gibibytes(swapUsedBytes)} in use` : "not in use",
      allows: some ? "a page that has to be fetched from disk stands in the latencies" : "memory figures are whole",
      status: some ? "warn" : "ok",
      ...(some ? { advice: "swapoff -a while measuring, if memory allows" } : {}),
    });
  }
  return findings;
}

function busyFindings({ software, limits, neighbours }: MachineFacts): Finding[] {
  const findings: Finding[] = [];
  const cores = Math.min(software.cores, limits.cpuQuotaCores ?? Infinity);
  if (limits.load1 !== undefined) {
    const busy = limits.load1 > cores / 2;
    findings.push({
      subject: "load",
      found: `${limits.load1.toFixed(2)} over the last minute, on ${plain(cores)} ${cores === 1 ? "core" : "cores"}`,
      allows: busy ? DOUBTFUL : "measuring now",
      status: busy ? "warn" : "ok",
      ...(busy ? { advice: "wait, or end what else runs" } : {}),
    });
  }
  if (software.platform === "linux") {
    const used = neighbours.reduce((total, neighbour) => total + neighbour.cores, 0);
    const busy = used > QUIET_CORES;
    const named = neighbours.slice(0, 3).map(({ name, pid, cores: each }) => `${printable(name)} (pid ${pid}) ${each.toFixed(2)}`);
    findings.push({
      subject: "other processes",
      found: named.length === 0 ? "idle" : `${used.toFixed(2)} cores: ${named.join(", ")}${neighbours.length > 3 ? ", …" : ""}`,
      allows: busy ? DOUBTFUL : "measuring now",
      status: busy ? "warn" : "ok",
      ...(busy ? { advice: "end them, or wait" } : {}),
    });
  }
  return findings;
}

/** Below, at or above 0 as `a` is older than, the same as or newer than `b`; a pre-release counts as its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).slice(0, 3).map(Number)) as [number[], number[]];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A process may call itself anything, escape sequences included. */
function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, "?");
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}

/** At most two digits behind the point. */
function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function gibibytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
