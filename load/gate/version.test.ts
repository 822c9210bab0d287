import { execFileSync } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ForeignTarget } from "../suite.ts";
import { readyVersion } from "./version.ts";

const OWN: ForeignTarget = {
  name: "own",
  transport: "sse",
  url: "http://127.0.0.1:0/events",
  publish: { url: "http://127.0.0.1:0/publish", body: "{message}" },
  command: "node server.js",
};

let repository = "";
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", repository, "-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
    encoding: "utf8",
  }).trim();

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), "pushbench-version-test-"));
  git("init", "--quiet", "--initial-branch", "main");
  await writeFile(join(repository, "server.js"), "// first\n");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
  git("tag", "v1");
  await writeFile(join(repository, "server.js"), "// second\n");
  git("commit", "--quiet", "--all", "--message", "second");
});

afterAll(() => rm(repository, { recursive: true, force: true }));

const ready = (asked: string, prepare?: string) =>
  readyVersion(asked, "--base", {
    cwd: repository,
    signal: new AbortController().signal,
    tell() {},
    ...(prepare === undefined ? {} : { prepare }),
  });

/** The folder in which a version runs the suite's command. */
function folderOf(startable: { readonly server: unknown }): string {
  return /^cd '(.*)' && node server\.js$/.exec((startable.server as ForeignTarget).command!)![1]!;
}

test("a ref is checked out beside the working tree, which stays as it is, and is gone afterwards", async () => {
  await writeFile(join(repository, "server.js"), "// changed\n");
  const version = await ready("v1");
  expect(version.version).toEqual({ asked: "v1", kind: "ref", commit: git("rev-parse", "v1") });
  const folder = folderOf(version.startable(OWN));
  expect(await readFile(join(folder, "server.js"), "utf8")).toBe("// first\n");
  expect(await readFile(join(repository, "server.js"), "utf8")).toBe("// changed\n");
  await version.dispose();
  await expect(access(folder)).rejects.toThrow("ENOENT");
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
});

test("a folder is taken as it is, with its commit", async () => {
  const version = await ready(".");
  expect(version.version).toMatchObject({ asked: ".", kind: "folder", commit: expect.stringMatching(/^[0-9a-f]{40}/) });
  expect(folderOf(version.startable(OWN))).toBe(repository);
  await version.dispose();
  await access(join(repository, "server.js"));
});

test("a checkout is prepared by the command that was given for it", async () => {
  const version = await ready("main", "echo done > prepared");
  expect(await readFile(join(folderOf(version.startable(OWN)), "prepared"), "utf8")).toBe("done\n");
  await version.dispose();
});

test("what fails to prepare says so, and leaves nothing", async () => {
  await expect(ready("main", "echo too bad; exit 3")).rejects.toThrow(/--prepare in main failed: too bad/);
});

test("a command stands in the place of the suite's, and of a server that speaks the contract", async () => {
  const version = await ready("node other.js");
  expect((version.startable(OWN).server as ForeignTarget).command).toBe(`cd '${repository}' && node other.js`);
  expect(version.startable("sse-node")).toMatchObject({ server: "sse-node", program: { args: [repository, "node other.js"] } });
});

test("what is nothing of these is an error that says what it could be", async () => {
  await expect(ready("no-such-branch")).rejects.toThrow(
    '--base "no-such-branch" is no folder, no commit of this repository and no command: name a branch',
  );
  await expect(ready("--upload-pack=x")).rejects.toThrow("is no folder, no commit");
});

test("a server of the suite that runs already cannot be gated", async () => {
  const { command: _, ...running } = OWN;
  for (const asked of [".", "node other.js"]) {
    const version = await ready(asked);
    expect(() => version.startable(running)).toThrow('server "own" of the suite runs already: a gate starts both versions itself');
  }
});

test("a checkout of something else holds no version of a reference server", async () => {
  const version = await ready(".");
  expect(() => version.startable("sse-node")).toThrow('. holds no version of "sse-node", which is pushbench\'s own');
});
