/** One of the two versions of a gate, made ready to be started: a git ref checked out beside, a folder as it is, or a command. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { isCommanded, keeperOf } from "../commanded-target.ts";
import { readEnvironment } from "../environment.ts";
import type { GateVersion } from "../gate-record.ts";
import { serverName } from "../suite.ts";
import type { Suite } from "../suite.ts";
import { UsageError } from "../usage-error.ts";
import type { Startable } from "./round.ts";

const run = promisify(execFile);
const LARGE = { maxBuffer: 64 * 1024 * 1024 };
/** A checkout of pushbench has the sources of its servers here, and starts what they compile to. */
const SERVE = { source: "servers/serve.ts", compiled: "dist/servers/serve.js" };

export interface ReadyVersion {
  readonly version: GateVersion;
  /** What of it stands for a server of the suite; throws {@link UsageError} where it has none. */
  startable(server: Suite["servers"][number]): Startable;
  /** Removes what was made for it. */
  dispose(): Promise<void>;
}

export interface Preparing {
  /** Runs in a checkout before its servers are started, in the place of what its lockfile asks for. */
  readonly prepare?: string;
  /** The folder in whose repository a ref is looked for, and in which a command runs. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Told what is being done, for some of it takes a while. */
  tell(line: string): void;
}

/** Throws {@link UsageError} where `asked` is neither a folder, a commit nor a command, or cannot be made ready. */
export async function readyVersion(asked: string, flag: string, preparing: Preparing): Promise<ReadyVersion> {
  const { cwd } = preparing;
  const folder = resolve(cwd, asked);
  if (await isFolder(folder))
    return folderVersion(folder, { asked, kind: "folder", ...(await commitOf(folder)) }, preparing, async () => {});
  const commit = await resolveRef(asked, cwd);
  if (commit !== undefined) return refVersion(asked, commit, preparing);
  if (/\s/.test(asked.trim())) return commandVersion(asked, cwd);
  throw new UsageError(
    `${flag} "${asked}" is no folder, no commit of this repository and no command: name a branch, a tag or a commit (git fetch it first), a folder, or a command such as "node server.js"`,
  );
}

function commandVersion(command: string, cwd: string): ReadyVersion {
  return {
    version: { asked: command, kind: "command" },
    startable(server) {
      if (typeof server === "string") {
        // It prints the ready line of the contract, and takes what servers/serve.ts takes.
        return { server, program: keeperOf(cwd, command) };
      }
      if (isCommanded(server)) return { server: { ...server, command: inFolder(cwd, command) } };
      throw notStarted(serverName(server));
    },
    async dispose() {},
  };
}

/** A clone of its own: nothing of the working tree is touched, and what is left after a kill is a folder in the system's temporary one. */
async function refVersion(asked: string, commit: string, preparing: Preparing): Promise<ReadyVersion> {
  preparing.tell(`${asked}: checking out ${commit.slice(0, 12)}`);
  const folder = await mkdtemp(join(tmpdir(), "pushbench-version-"));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { stdout } = await run("git", ["-C", preparing.cwd, "rev-parse", "--show-toplevel"]);
    const top = stdout.trim();
    await run("git", ["clone", "--quiet", "--shared", "--no-checkout", top, folder], { signal: preparing.signal });
    await run("git", ["-C", folder, "checkout", "--quiet", "--detach", commit], { ...LARGE, signal: preparing.signal });
    return await folderVersion(folder, { asked, kind: "ref", commit }, { ...preparing, dependenciesOf: top }, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function folderVersion(
  root: string,
  version: GateVersion,
  { prepare, tell, signal, dependenciesOf }: Preparing & { readonly dependenciesOf?: string },
  dispose: () => Promise<void>,
): Promise<ReadyVersion> {
  if (prepare !== undefined) {
    tell(`${version.asked}: ${prepare}`);
    await must("sh", ["-c", prepare], root, signal, `--prepare in ${version.asked}`);
  } else if (dependenciesOf !== undefined) {
    await install(root, dependenciesOf, version, { tell, signal });
  }
  const hasServers = existsSync(join(root, SERVE.source));
  if (hasServers) {
    tell(`${version.asked}: building`);
    await must(process.execPath, ["--import", "tsx", "scripts/build.ts"], root, signal, `the build of ${version.asked}`);
  }
  const compiled = join(root, SERVE.compiled);
  return {
    version,
    startable(server) {
      if (typeof server !== "string") {
        if (isCommanded(server)) return { server: { ...server, command: inFolder(root, server.command) } };
        throw notStarted(serverName(server));
      }
      if (hasServers) return { server, program: { file: compiled, args: [] } };
      throw new UsageError(
        `${version.asked} holds no version of "${server}", which is pushbench's own: name a checkout of pushbench, or have the suite name your server with a command that starts it`,
      );
    },
    dispose,
  };
}

/** Installed anew only where its lockfile is another one: else what is installed already serves both. */
async function install(
  root: string,
  top: string,
  version: GateVersion,
  { tell, signal }: Pick<Preparing, "tell" | "signal">,
): Promise<void> {
  const lockOf = (folder: string): Promise<string> => readFile(join(folder, "package-lock.json"), "utf8").catch(() => "");
  const [own, installed] = await Promise.all([lockOf(root), lockOf(top)]);
  if (own === installed && existsSync(join(top, "node_modules"))) {
    await symlink(join(top, "node_modules"), join(root, "node_modules"), "dir");
  } else if (own !== "") {
    tell(`${version.asked}: npm ci, for its lockfile is another one`);
    await must("npm", ["ci", "--no-audit", "--no-fund"], root, signal, `npm ci of ${version.asked}`);
  }
}

/** Runs to its end; an error says what was run for, and the last of what it printed. */
async function must(file: string, args: readonly string[], cwd: string, signal: AbortSignal, what: string): Promise<void> {
  try {
    await run(file, [...args], { cwd, signal, ...LARGE });
  } catch (error) {
    signal.throwIfAborted();
    const { stderr = "", stdout = "", message } = error as Error & { stderr?: string; stdout?: string };
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-8).join("\n");
    throw new UsageError(`${what} failed: ${said === "" ? message : said}`);
  }
}

async function resolveRef(ref: string, cwd: string): Promise<string | undefined> {
  if (ref.startsWith("-")) return undefined;
  try {
    return (await run("git", ["-C", cwd, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])).stdout.trim();
  } catch {
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function commitOf(folder: string): Promise<{ readonly commit?: string }> {
  const { git } = await readEnvironment(folder);
  return git === undefined ? {} : { commit: git };
}

function notStarted(name: string): UsageError {
  return new UsageError(
    `server "${name}" of the suite runs already: a gate starts both versions itself; give it a command, and port 0 in its addresses`,
  );
}

function inFolder(folder: string, command: string): string {
  return `cd ${shellQuoted(folder)} && ${command}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
