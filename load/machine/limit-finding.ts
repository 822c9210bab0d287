/** What the limits of a machine are good for; pure. */
import { thousands } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { LOOPBACK_ADDRESSES, portCount, rounded } from "./headroom.ts";
import type { Limits } from "./limits.ts";

/** Below these a measurement is possible, but not a large one. */
const FEW = { descriptors: 10_000, files: 100_000, ports: 20_000, conntrack: 50_000, backlog: 1024, memoryBytes: 2 ** 30 } as const;
/** Below these it hardly is. */
const TOO_FEW = { descriptors: 256, memoryBytes: 256 * 2 ** 20 } as const;

/** Judges what could be read of them; the rest has no finding. */
export function judgeLimits(limits: Limits): Finding[] {
  return [...descriptorFindings(limits), ...networkFindings(limits), ...memoryFindings(limits)];
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

function gibibytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
