import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { publishLine } from "../../servers/contract.ts";
import type { PollAnswer, ReadyLine } from "../../servers/contract.ts";
import { pushbench, startPushbench } from "../pushbench-process.ts";

/** Starts a server by hand; resolves with the first line of stdout that `wanted` takes. */
async function serve(args: readonly string[], wanted: (line: string) => boolean = () => true) {
  const { child, ended } = await startPushbench(["serve", ...args], tmpdir());
  const lines = createInterface({ input: child.stdout! });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (wanted(line)) return { child, ended, line, said };
  }
  throw new Error(`pushbench serve ended too early: ${(await ended).stderr}`);
}

describe("serve", () => {
  it("prints its addresses, delivers what is published, and is gone after Ctrl-C", async () => {
    const { child, ended, line } = await serve(["polling-node", "--json"]);
    const { port, controlPort } = JSON.parse(line) as ReadyLine;
    await fetch(`http://127.0.0.1:${controlPort}/publish`, { method: "POST", body: publishLine("news", "hello") });
    const answer = (await (await fetch(`http://127.0.0.1:${port}/poll?topic=news&after=0`)).json()) as PollAnswer;
    expect(answer.messages).toEqual(["hello"]);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, stderr: "", orphans: [], leftovers: [] });
  });

  it("takes what subscribers send where it is told to", async () => {
    const { child, ended, line } = await serve(["polling-node", "--json", "--echo"]);
    const { port } = JSON.parse(line) as ReadyLine;
    expect((await fetch(`http://127.0.0.1:${port}/send?topic=news`, { method: "POST", body: "hello" })).status).toBe(204);
    const answer = (await (await fetch(`http://127.0.0.1:${port}/poll?topic=news&after=0`)).json()) as PollAnswer;
    expect(answer.messages).toEqual(["hello"]);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("shows a one-liner to listen with, and one to publish with", async () => {
    const { child, ended } = await serve(["sse-node"], (line) => line.startsWith("Ctrl-C"));
    child.kill("SIGTERM");
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const [, port, controlPort] = /subscribers +http:\/\/127\.0\.0\.1:(\d+)\n +control +http:\/\/127\.0\.0\.1:(\d+) /.exec(stdout)!;
    expect(stdout).toContain(`curl -N 'http://127.0.0.1:${port}/events?topic=news'`);
    expect(stdout).toContain(`printf 'news\\thello\\n' | curl --data-binary @- http://127.0.0.1:${controlPort}/publish`);
  });

  it.each([
    [["websocket-ws"]],
    [["websocket-ws", "--tls"]],
    [["websocket-ws", "--compression", "--binary"]],
    [["websocket-http2-node"]],
    [["websocket-http2-node", "--tls"]],
  ])("shows WebSocket commands that work from any folder, in sh, of %j", async (args) => {
    const { child, ended, said } = await serve(args, (line) => line.startsWith("Ctrl-C"));
    expect(said[1]).toMatch(args.includes("--tls") ? /subscribers +wss:\/\/.*\/ws$/ : /subscribers +ws:\/\/.*\/ws$/);
    const [, listen, publish] = /terminal:\n {2}(.+)\nPublish one:\n {2}(.+)\n/.exec(said.join("\n"))!;
    const listener = spawn("sh", ["-c", `exec ${listen}`], { cwd: "/", stdio: ["ignore", "pipe", "inherit"] });
    try {
      let heard = "";
      listener.stdout.setEncoding("utf8").on("data", (text: string) => (heard += text));
      // It is subscribed at some moment after it was started: published until one arrives.
      while (!/^hello$/m.test(heard) && listener.exitCode === null) await promisify(execFile)("sh", ["-c", publish!], { cwd: "/" });
      expect(heard).toMatch(/^hello$/m);
    } finally {
      listener.kill("SIGKILL");
      child.kill("SIGTERM");
    }
    expect((await ended).code).toBe(0);
  });

  it("ends with 5 and the server's own words when its port is in use", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    const { code, stdout, stderr, orphans } = await pushbench(["serve", "sse-node", "--port", String(port)], tmpdir());
    blocker.close();
    expect(stderr).toMatch(new RegExp(`^error: cannot listen on 127\\.0\\.0\\.1:${port}: the port is in use`));
    expect({ code, stdout, orphans }).toEqual({ code: 5, stdout: "", orphans: [] });
  });
});
