/** A server is one file: it is written into a copy of the sources, as CONTRIBUTING.md tells a newcomer, and nothing else is touched. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = [
  "servers",
  "load",
  "reports",
  "scripts",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "vitest.config.ts",
  "vitest.build.ts",
  "vitest.setup.ts",
];

const ADDED = `/** Polling on node:http. */
import { answer, createHttpServer, refuse } from "../http-server.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";

export const server: ReferenceServer = {
  transport: "polling",
  tls: false,
  library: () => ({ name: "node:http", version: process.versions.node }),
  async start({ options, hub, echo }) {
    const { listen, connections, close } = createHttpServer({ echo }, (request, response) => {
      const asked = readSubscribeRequest(request, { path: "/poll", cursor: "after" });
      if ("status" in asked) refuse(response, asked);
      else answer(response, hub.poll(asked.topic, asked.after));
    });
    return { port: await listen(options.host, options.port), connections, close };
  },
};
`;

// Most of it is the conformance suite, in some seconds on a quiet machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "pushbench-added-"));
  await Promise.all(SOURCES.map((source) => cp(join(ROOT, source), join(copy, source), { recursive: true })));
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  await writeFile(join(copy, "servers/reference/polling-added.ts"), ADDED);
  await writeFile(join(copy, "servers/reference/empty-handed.ts"), "export const serve = 1;\n");
  const { code, stderr } = await node("--import", "tsx", "scripts/build.ts");
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node in the copy; what this test runner sets for its own is not for another runner inside it. */
function node(...args: readonly string[]): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|npm_)/.test(name)));
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: copy, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const pushbench = (...args: readonly string[]): Promise<Ended> => node("dist/scripts/pushbench.js", ...args);

test("pushbench list has the new server, and one that exports none as unavailable with the reason", async () => {
  const { code, stdout } = await pushbench("list", "--json");
  expect(code).toBe(0);
  const { servers } = JSON.parse(stdout) as { readonly servers: readonly object[] };
  const library = { name: "node:http", version: process.versions.node };
  expect(servers).toContainEqual({ name: "polling-added", available: true, transport: "polling", tls: false, library });
  expect(servers).toContainEqual({ name: "empty-handed", available: false, reason: "empty-handed.js exports no server" });
});

test("the conformance suite holds the new server to the whole list", async () => {
  const args = ["run", "servers/conformance.test.ts", "-t", "polling-added", "--reporter=json", "--outputFile=conformance.json"];
  const { code, stderr } = await node("node_modules/vitest/vitest.mjs", ...args);
  const { testResults } = JSON.parse(await readFile(join(copy, "conformance.json"), "utf8")) as {
    readonly testResults: readonly { readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[];
  };
  const ran = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => ["passed", "failed"].includes(status));
  expect(
    ran.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
    stderr,
  ).toEqual([]);
  expect(code).toBe(0);
  expect(ran.length).toBeGreaterThan(25);
  for (const { fullName } of ran) expect(fullName).toMatch(/^'polling-added' over 'TCP' /);
});

test("a run loads the new server, and nothing is lost", async () => {
  const workload = "subscribers: 5, rate: 50/s, settle: 0ms, warmup: 100ms, duration: 1s, drain: 2s, pollInterval: 20ms";
  await writeFile(
    join(copy, "mine.yaml"),
    `name: mine\nservers: [polling-added]\nscenarios: [{ name: a, ${workload}, thresholds: [messages_lost == 0] }]\n`,
  );
  const { code, stdout, stderr } = await pushbench("run", "mine.yaml", "--json");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { cells } = JSON.parse(stdout) as {
    readonly cells: readonly { readonly server: string; readonly metrics: Record<string, { readonly median: number }> }[];
  };
  expect(cells.map(({ server }) => server)).toEqual(["polling-added"]);
  expect(cells[0]!.metrics["messages_delivered"]!.median).toBe(250);
});
