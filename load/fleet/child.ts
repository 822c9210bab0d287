/** A child process that speaks over an IPC channel: started from compiled JavaScript, watched, and ended by its own pid. */
import { fork } from "node:child_process";

/** How much of what a child wrote to stderr is kept, to say why it died. */
const STDERR_TAIL = 2000;
/** How long a child may take to go once it was told to, and how much longer where so many go at once. */
const GRACE_MS = 2000;
const GRACE_EACH_MS = 150;

/** How long each of so many children that go at once is given. */
export function graceMs(children: number): number {
  return GRACE_MS + (children - 1) * GRACE_EACH_MS;
}

export interface ChildOptions<Report> {
  /** Name in messages: "publisher", "sse-node". */
  readonly name: string;
  /** Absolute path of a JavaScript file. */
  readonly file: string;
  readonly args?: readonly string[];
  /** That it may have open; as many as this process unless said. */
  readonly descriptors?: number;
  report(message: Report): void;
  /** The child ended without being told to; the text says how. */
  died(how: string): void;
}

export interface Child<Order> {
  readonly name: string;
  readonly pid: number;
  /** Lines the child wrote to stdout, from its start. */
  readonly firstLine: Promise<string>;
  tell(order: Order): void;
  /** Ends it: SIGTERM, then SIGKILL after the grace, in ms; resolves once it is gone, with true when it went by itself. */
  stop(grace?: number): Promise<boolean>;
}

/** Neither the parent's loader nor its flags: the figures of a child are those of plain Node, which a shell that limits it becomes. */
function program(descriptors?: number): { readonly execArgv: string[]; readonly execPath?: string } {
  if (descriptors === undefined) return { execArgv: [] };
  return { execPath: "sh", execArgv: ["-c", `ulimit -n ${descriptors} && exec "$0" "$@"`, process.execPath] };
}

export function startChild<Order, Report>(options: ChildOptions<Report>): Child<Order> {
  const child = fork(options.file, [...(options.args ?? [])], {
    ...program(options.descriptors),
    serialization: "advanced",
    // A process group of its own: Ctrl-C is the coordinator's to handle, in its order. The channel's end tells the child of its death.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let stopping = false;
  let stderr = "";
  let stdout = "";
  let gone = false;
  let hasLine: (line: string) => void;
  let hasNoLine: (error: Error) => void;
  const firstLine = new Promise<string>((resolve, reject) => {
    hasLine = resolve;
    hasNoLine = reject;
  });
  // Nobody may be waiting for it.
  firstLine.catch(() => {});

  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    if (stdout.includes("\n")) return;
    stdout += text;
    const end = stdout.indexOf("\n");
    if (end >= 0) hasLine(stdout.slice(0, end));
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  child.on("message", (message) => {
    if (!stopping) options.report(message as Report);
  });
  const ended = new Promise<void>((resolve) => {
    const over = (how: string): void => {
      if (gone) return;
      gone = true;
      const said = stderr.trim();
      const text = `${options.name} (pid ${child.pid ?? "none"}) ${how}${said === "" ? "" : `: ${said}`}`;
      hasNoLine(new Error(text));
      resolve();
      if (!stopping) options.died(text);
    };
    child.once("error", (error) => over(`could not start: ${error.message}`));
    // `close` comes after the last of stderr, which says why.
    child.once("close", (code, signal) => over(signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`));
  });

  return {
    name: options.name,
    pid: child.pid ?? 0,
    firstLine,
    tell(order) {
      if (child.connected) child.send(order as object, () => {});
    },
    async stop(grace = GRACE_MS) {
      stopping = true;
      if (gone) return true;
      child.kill("SIGTERM");
      let inTime = true;
      const timer = setTimeout(() => {
        inTime = false;
        child.kill("SIGKILL");
      }, grace);
      await ended;
      clearTimeout(timer);
      return inTime;
    },
  };
}
