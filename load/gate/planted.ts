/** Versions of a server with a change of a known size, for the gate to be tried on. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Fault } from "../../servers/fault.ts";
import { compiledFile } from "../compiled.ts";
import type { Startable } from "./round.ts";

/** A version that lies as its faults have it, and does the same work beside as the one without any. */
export function withFaults(server: string, faults: readonly Fault[]): Startable {
  return { server, program: { file: "servers/faulty/serve.ts", args: [JSON.stringify(faults), "/dev/null"] } };
}

/** A change of a server's source, as somebody would make it. */
export interface Edit {
  /** Of the compiled servers: `event-stream.js`. */
  readonly file: string;
  /** Stands in it exactly once. */
  readonly from: string;
  readonly to: string;
}

/** Bytes that a comment of an event stream has more than none. */
export const COMMENT_BYTES = 64;

/** Each event is followed by a comment of {@link COMMENT_BYTES}, which no subscriber hands on. */
export const LONGER_EVENTS: Edit = {
  file: "event-stream.js",
  from: "Buffer.from(`id: ${sequence}\\ndata: ${data}\\n\\n`)",
  to: `Buffer.from(\`id: \${sequence}\\ndata: \${data}\\n\\n:${"x".repeat(COMMENT_BYTES - 2)}\\n\`)`,
};

/** One delivery of ten thousand is left out, whoever it was for. */
export const LOSES_ONE_IN_TEN_THOUSAND: Edit = {
  file: "hub.js",
  from: "                follower.subscriber.write(message);",
  to: "                globalThis.writes = (globalThis.writes ?? 0) + 1;\n                if (globalThis.writes % 10000 !== 0) follower.subscriber.write(message);",
};

export interface EditedVersion {
  startable(server: string): Startable;
  dispose(): Promise<void>;
}

/** A copy of the compiled servers with these edits; throws where one of them does not find its place. */
export async function edited(edits: readonly Edit[]): Promise<EditedVersion> {
  const servers = dirname(compiledFile("servers/serve.ts"));
  const folder = await mkdtemp(join(tmpdir(), "pushbench-edited-"));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(join(folder, "dist"));
    await cp(servers, join(folder, "dist/servers"), { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
    await symlink(nodeModules(), join(folder, "node_modules"), "dir");
    for (const { file, from, to } of edits) {
      const path = join(folder, "dist/servers", file);
      const text = await readFile(path, "utf8");
      if (text.split(from).length !== 2) throw new Error(`${file} has changed: ${JSON.stringify(from)} does not stand in it once`);
      await writeFile(
        path,
        text.replace(from, () => to),
      );
    }
    return { startable: (server) => ({ server, program: { file: join(folder, "dist/servers/serve.js"), args: [] } }), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Where the servers' libraries are installed. */
function nodeModules(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve("ws/package.json")));
}
