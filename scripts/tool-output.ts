/** What the other tools print, read; pure. Throws where it is not what that tool prints. */

/** What the kernel keeps of a TCP socket (`tcpi_*` of linux/tcp.h). */
export interface SocketTotals {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Segments that came with data: requests, where each is shorter than a segment and waits for the answer to the one before. */
  readonly segmentsIn: number;
}

/** The sums over all lines of `ss -tinHO`; a counter that is 0 is not printed. */
export function readSs(text: string): SocketTotals {
  const total = (name: string): number =>
    [...text.matchAll(new RegExp(` ${name}:(\\d+)`, "g"))].reduce((sum, [, value]) => sum + Number(value), 0);
  return {
    bytesSent: total("bytes_sent") - total("bytes_retrans"),
    bytesReceived: total("bytes_received"),
    segmentsIn: total("data_segs_in"),
  };
}

/** Requests a second of `wrk`, all of them answered well. */
export function readWrk(text: string): number {
  const bad = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(text);
  if (bad !== null) throw new Error(`wrk: ${bad[0]}`);
  return number(text, "wrk", /^Requests\/sec:\s+([\d.]+)/m);
}

/** The same of `h2load`. */
export function readH2load(text: string): number {
  const good = number(text, "h2load", /^status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx/m);
  if (good === 0) throw new Error("h2load: nothing was answered");
  return number(text, "h2load", /^finished in [^,]+, ([\d.]+) req\/s/m);
}

/** The same of `autocannon --json`. */
export function readAutocannon(text: string): number {
  const { errors, non2xx, duration, ...rest } = JSON.parse(text) as Record<"2xx" | "errors" | "non2xx" | "duration", number>;
  if (errors + non2xx > 0) throw new Error(`autocannon: ${errors} errors, ${non2xx} answers that are not 2xx`);
  return rest["2xx"] / duration;
}

/** Open descriptors among what `lsof -p` prints: those with a number, not the mapped files and folders. */
export function readLsof(text: string): number {
  return text.split("\n").filter((line) => /^\S+\s+\d+\s+\S+\s+\d+[a-zA-Z-]*\s/.test(line)).length;
}

/** Messages of the events that `curl -N` printed, in order, the hello left out. */
export function readEvents(text: string): string[] {
  return text
    .split("\n\n")
    .filter((event) => event !== "" && !/^event: hello$/m.test(event))
    .flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? []);
}

/** User and system time of a shell's children, in s, of the `times` that it printed last: `0m1.23s 0m0.45s`. */
export function readTimes(text: string): number {
  const children = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(text.trimEnd().split("\n").at(-1) ?? "");
  if (children === null) throw new Error(`times printed no children's times:\n${text}`);
  const [userMinutes, user, systemMinutes, system] = children.slice(1).map(Number) as [number, number, number, number];
  return 60 * (userMinutes + systemMinutes) + user + system;
}

function number(text: string, tool: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`${tool} printed no ${pattern.source}:\n${text}`);
  return Number(found[1]);
}
