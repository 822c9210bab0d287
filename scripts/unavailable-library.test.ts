/** A machine on which uWebSockets.js does not load: its binary is refused by the loader, in every process, with the loader's own words. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushbench } from "./pushbench-process.ts";

const OLD_GLIBC = `
  const { dlopen } = process;
  process.dlopen = (module, file, ...rest) => {
    if (!file.includes("uws_")) return dlopen(module, file, ...rest);
    throw new Error("/lib/libc.so.6: version \`GLIBC_9.99' not found (required by " + file + ")");
  };
`;
const REASON = /uWebSockets\.js does not load: its binary for Node \d+\.\d+\.\d+ needs glibc 9\.99, and this machine has /;

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-unavailable-"));
  await writeFile(join(folder, "old-glibc.cjs"), OLD_GLIBC);
  await writeFile(
    join(folder, "both.yaml"),
    `name: both
servers: [sse-node, websocket-uws]
defaults: { subscribers: 2, settle: 0ms, warmup: 200ms, duration: 1s, drain: 2s }
scenarios: [{ name: a, rate: 50/s }]
`,
  );
  env = { NODE_OPTIONS: `--require ${join(folder, "old-glibc.cjs")}` };
});
afterAll(() => rm(folder, { recursive: true }));

describe("where uWebSockets.js does not load", () => {
  test("its servers are listed with the reason, the others as ever", async () => {
    const { code, stdout } = await pushbench(["list", "--json"], folder, env);
    expect(code).toBe(0);
    const { servers } = JSON.parse(stdout) as { servers: { name: string; available: boolean; reason?: string }[] };
    const unavailable = servers.filter(({ available }) => !available);
    expect(unavailable.map(({ name }) => name)).toEqual(servers.map(({ name }) => name).filter((name) => name.endsWith("-uws")));
    expect(unavailable.length).toBeGreaterThan(0);
    for (const { reason } of unavailable) expect(reason).toMatch(REASON);
  });

  test("a run over one of them and another says so, runs the other and exits 0", async () => {
    const { code, stdout, stderr, orphans } = await pushbench(["run", "both.yaml", "--out", join(folder, "out")], folder, env);
    expect({ code, orphans }).toEqual({ code: 0, orphans: [] });
    expect(stderr).toMatch(/websocket-uws is unavailable: uWebSockets\.js does not load/);
    expect(stdout).toContain("sse-node");
  });

  test("one of them started by hand says why, exit 5", async () => {
    const { code, stderr } = await pushbench(["serve", "polling-uws"], folder, env);
    expect(code).toBe(5);
    expect(stderr).toMatch(REASON);
  });
});
