/** What a machine is good for, as a list of findings; pure. */
import type { Finding } from "./finding.ts";
import { judgeLimits } from "./limit-finding.ts";
import type { Limits } from "./limits.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Software } from "./software.ts";

export interface MachineFacts {
  readonly software: Software;
  readonly limits: Limits;
  readonly neighbours: readonly Neighbour[];
}

/** Below this a measurement is possible, but parts of it take turns. */
const FEW_CORES = 4;
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
    ...judgeLimits(limits),
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
    return {
      subject,
      found: `linux, ${glibc === undefined ? "no glibc" : `glibc ${glibc}`}`,
      allows: "figures of the server from outside",
      status: "ok",
    };
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
  return {
    subject,
    found: "not found",
    allows: "all but figures of single sockets",
    status: "warn",
    advice: "install the package iproute2",
  };
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
  if (cores >= FEW_CORES) return { subject, found: String(cores), allows: "server, publisher and subscribers side by side", status: "ok" };
  return {
    subject,
    found: String(cores),
    allows: cores === 1 ? "everything takes turns on one core" : `server, publisher and subscribers share ${cores}`,
    status: "warn",
    advice: `use ${FEW_CORES} cores or more, or low rates: waiting for a core stands in the latencies`,
  };
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

/** At most two digits behind the point. */
function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}
