import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listServers, loadCatalog, loadServer } from "./catalog.ts";

const GOOD = `export const server = { transport: "smoke", tls: false, library: () => ({ name: "fire", version: "1" }), start: async () => {} };`;

let folder: string;
let url: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-catalog-"));
  url = pathToFileURL(`${folder}/`);
  await writeFile(join(folder, "smoke-fire.js"), GOOD);
  await writeFile(join(folder, "absent-library.js"), `import "pushbench-no-such-library"; ${GOOD}`);
  await writeFile(join(folder, "empty.js"), "export const other = 1;");
  await writeFile(
    join(folder, "throws.js"),
    GOOD.replace('({ name: "fire", version: "1" })', '{ throw new Error("no version\\nstack"); }'),
  );
  await writeFile(join(folder, "smoke-fire.test.js"), "throw new Error('a test is no server')");
  await writeFile(join(folder, "notes.md"), "not a server");
});
afterAll(() => rm(folder, { recursive: true }));

test("the reference servers are listed by name with what they stand on", async () => {
  expect((await loadCatalog()).filter(({ name }) => ["polling-node", "sse-node", "websocket-ws"].includes(name))).toEqual([
    {
      name: "polling-node",
      available: true,
      transport: "polling",
      tls: true,
      library: { name: "node:http", version: process.versions.node },
    },
    { name: "sse-node", available: true, transport: "sse", tls: true, library: { name: "node:http", version: process.versions.node } },
    {
      name: "websocket-ws",
      available: true,
      transport: "websocket",
      tls: true,
      library: { name: "ws", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string },
    },
  ]);
});

test("a file is a server, and one that cannot be loaded is listed with its reason", async () => {
  expect(await loadCatalog(url)).toEqual([
    { name: "absent-library", available: false, reason: expect.stringContaining("pushbench-no-such-library") as string },
    { name: "empty", available: false, reason: "empty.js exports no server" },
    { name: "smoke-fire", available: true, transport: "smoke", tls: false, library: { name: "fire", version: "1" } },
    { name: "throws", available: false, reason: "no version" },
  ]);
  expect(await listServers(url)).toEqual(["absent-library", "empty", "smoke-fire", "throws"]);
});

test("an unknown server is named with those that exist", async () => {
  await expect(loadServer("smoke-fir", url)).rejects.toThrow(
    'unknown server "smoke-fir": expected one of absent-library, empty, smoke-fire, throws',
  );
});
