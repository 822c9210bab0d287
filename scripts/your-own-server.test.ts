/** `docs/your-own-server.md` does what it says: its programs run, its suites load them, and its mistakes show as it tells. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Measurement } from "../load/measurement.ts";
import { pushbench } from "./pushbench-process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENT = readFileSync(join(ROOT, "docs/your-own-server.md"), "utf8");
const TIMEOUT_MS = 90_000;
const NGINX = "/usr/sbin/nginx";

/** The text of a code block, by the name of its file, with a port of our own. */
function block(file: string, port: number): string {
  const found = new RegExp(`^\`\`\`\\w+ ${file.replace(".", "\\.")}\\n(.*?)^\`\`\`$`, "ms").exec(DOCUMENT);
  if (found === null) throw new Error(`the document has no block for ${file}`);
  return found[1]!.replaceAll("8080", String(port));
}

/** A folder as the reader has it, with what npm has installed, and a port that is free. */
async function startReading(): Promise<{ readonly folder: string; readonly port: number }> {
  const folder = await mkdtemp(join(tmpdir(), "pushbench-document-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return { folder, port };
}

/** Starts a program of the document in its folder; it ends with the test. */
async function start(command: string, args: readonly string[], folder: string, port: number): Promise<number> {
  const program = spawn(command, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(async () => {
    program.kill("SIGTERM");
    await once(program, "exit");
  });
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: '{"room":0}', headers: { Connection: "close" } }), {
    timeout: 5000,
  });
  return program.pid!;
}

/** The document's commands for a suite, run in its folder. */
async function follow(suite: string, text: string, folder: string) {
  await writeFile(join(folder, suite), text);
  const commands = [...DOCUMENT.matchAll(/^npm run -s pushbench -- (\w+) mine\.yaml$/gm)].map((match) => match[1]!);
  expect(commands).toEqual(["validate", "run"]);
  const validated = await pushbench(["validate", suite], folder);
  if (validated.code !== 0) return validated;
  return pushbench(["run", suite], folder);
}

test("the server of 20 lines, its suite, and what goes wrong", { timeout: TIMEOUT_MS }, async () => {
  const { folder, port } = await startReading();
  const suite = block("mine.yaml", port);
  const told = (text: string): string => {
    expect(DOCUMENT).toContain(`\`${text}\``);
    return text.replaceAll("8080", String(port));
  };
  const unreachable = told(
    'target "mine": http://127.0.0.1:8080/events?channel={topic} cannot be reached: connect ECONNREFUSED 127.0.0.1:8080; start it, or correct "url"',
  );
  const early = await follow("mine.yaml", suite.replace(/pid:.*/, ""), folder);
  expect(early).toMatchObject({ code: 5 });
  expect(oneLine(early.stdout + early.stderr)).toContain(unreachable);

  expect(block("server.mjs", port).trim().split("\n").length).toBeLessThanOrEqual(24);
  await writeFile(join(folder, "server.mjs"), block("server.mjs", port));
  const pid = await start(process.execPath, ["server.mjs"], folder, port);
  const right = suite.replace("12345", String(pid));
  const done = await follow("mine.yaml", right, folder);
  expect(done).toMatchObject({ code: 0 });
  await expectExact(folder, 100 * 50 * 3);
  expect(oneLine(done.stdout)).toContain(told('counted from the first delivery on: "mine" says no hello'));

  const quick = right
    .replace("warmup: 1s", "warmup: 0s")
    .replace("duration: 3s", "duration: 1s")
    .replace("    thresholds:", "    settle: 0s\n    drain: 300ms\n    thresholds:");
  const mistakes: readonly (readonly [text: string, ...messages: string[]])[] = [
    [quick.replace("/events", "/event"), told("100 of 100 subscribers could not connect: 127.0.0.1:8080: GET /event was answered 404")],
    [quick.replace("/events", "/publish"), told("GET /publish was answered 204")],
    [quick.replace("/publish", "/send"), told("the server did not take"), told("127.0.0.1:8080 answered 404")],
    [quick.replace("{message}", "message"), told("the message is not in what is published")],
    [quick.replace("={topic}", "={chanel}"), told("nothing is known to fill {chanel} with")],
    [
      quick.replace(String(pid), "2147483632"),
      told('target "mine": no process has the number 2147483632; correct "pid", or leave it out, and no figures of the server are taken'),
    ],
    [quick.replace("={topic}", "=elsewhere"), told("100 of 100 subscribers never got a message")],
  ];
  for (const [text, ...messages] of mistakes) {
    await writeFile(join(folder, "mine.yaml"), text);
    const { stdout, stderr } = await pushbench(["run", "mine.yaml"], folder);
    for (const message of messages) expect(oneLine(stdout + stderr)).toContain(message);
  }
});

test("started by its command, and two versions of it against each other", { timeout: TIMEOUT_MS }, async () => {
  const { folder, port } = await startReading();
  const server = block("server.mjs", port);
  await writeFile(join(folder, "server.mjs"), server);
  await writeFile(join(folder, "started.yaml"), block("started.yaml", 0));
  const run = await pushbench(["run", "started.yaml"], folder);
  expect(run).toMatchObject({ code: 0, orphans: [] });
  await expectExact(folder, 100 * 50 * 3);

  const words = /^npm run -s pushbench -- (gate started\.yaml .*)$/m
    .exec(DOCUMENT)![1]!
    .match(/"[^"]*"|\S+/g)!
    .map((word) => word.replaceAll('"', ""));
  await writeFile(join(folder, "slower.mjs"), server.replace("data: ${text}", `data: \${text}${" ".repeat(64)}`));
  // Bytes are exact: two rounds show them.
  const gate = await pushbench([...words.slice(0, -1), "2", "--no-confirm"], folder);
  expect(gate).toMatchObject({ code: 3, orphans: [], leftovers: [] });
  expect(gate.stdout).toMatch(/✗ fail .*bytes_down_per_delivery/);
});

test("the chat with a first frame", { timeout: TIMEOUT_MS }, async () => {
  const { folder, port } = await startReading();
  await writeFile(join(folder, "chat.mjs"), block("chat.mjs", port));
  const pid = await start(process.execPath, ["chat.mjs"], folder, port);
  const done = await follow("chat.yaml", block("chat.yaml", port).replace("12345", String(pid)), folder);
  expect(done).toMatchObject({ code: 0 });
  await expectExact(folder, 10 * 100 * 3);
});

const hasNchan = existsSync(NGINX) && existsSync("/usr/lib/nginx/modules/ngx_nchan_module.so");
const without = hasNchan ? "" : " (nginx with nchan is not installed: apt-get install nginx libnginx-mod-nchan)";
test.skipIf(!hasNchan)(`nchan, three entries${without}`, { timeout: TIMEOUT_MS }, async () => {
  const { folder, port } = await startReading();
  await writeFile(join(folder, "nginx.conf"), block("nginx.conf", port));
  const pid = await start(NGINX, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], folder, port);
  expect(DOCUMENT).toContain('`nginx -p "$PWD" -c nginx.conf -e stderr`');
  const done = await follow("nchan.yaml", block("nchan.yaml", port).replaceAll("12345", String(pid)), folder);
  expect(done).toMatchObject({ code: 0 });
  await expectExact(folder, 100 * 50 * 3, 3);
});

/** The last run's trials delivered so much each, and lost, repeated and damaged nothing, however busy the machine was. */
async function expectExact(folder: string, delivered: number, trials = 1): Promise<void> {
  const results = join(folder, "results");
  const run = join(
    results,
    (await readdir(results, { withFileTypes: true }))
      .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      .sort()
      .at(-1)!,
    "trials",
  );
  const files = await readdir(run);
  expect(files).toHaveLength(trials);
  for (const file of files) {
    const { ledger, metrics } = JSON.parse(readFileSync(join(run, file), "utf8")) as Measurement;
    const nothing = { lost: 0, duplicated: 0, reordered: 0, late: 0, corrupt: 0 };
    expect(ledger.window).toMatchObject({ expected: delivered, delivered, ...nothing });
    expect(metrics["server_fds_per_connection"]).toBe(1);
  }
}

/** Long lines are broken for the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
