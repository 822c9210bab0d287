/**
 * `npm run gate:self`: the servers of this working tree against those of the commit before. Fails on what is proven to be worse; what a busy
 * machine leaves open is told, and stops nobody.
 */
import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EXIT } from "./exit-code.ts";

const SERVERS = ["sse-node", "websocket-ws"];
/** Two servers take four minutes without their confirmation. */
const BUDGET = "5m";
const PUSHBENCH = fileURLToPath(new URL("pushbench.ts", import.meta.url));

function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

/** What is changed and not committed is held against the last commit, what is committed against the one before. */
function baseOf(): string | undefined {
  const isDirty = (git("status", "--porcelain") ?? "") !== "";
  return git("rev-parse", "--verify", "--quiet", isDirty ? "HEAD" : "HEAD~1");
}

const base = baseOf();
if (base === undefined) {
  process.stderr.write("gate:self: this checkout has no commit before its own: nothing is compared (git fetch --deepen=1)\n");
} else {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", PUSHBENCH, "gate", "--base", base, "--server", SERVERS.join(","), "--budget", BUDGET, ...process.argv.slice(2)],
    { stdio: "inherit" },
  );
  // The child hears a terminal's Ctrl-C itself, and ends in order; only then does this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void (signal === "SIGTERM" && child.kill(signal)));
  const code = await new Promise<number>((resolve) => child.once("close", (ended) => resolve(ended ?? EXIT.internal)));
  if (code === EXIT.inconclusive) process.stderr.write("gate:self: nothing is proven, so nothing is stopped\n");
  process.exitCode = code === EXIT.inconclusive ? EXIT.done : code;
}
