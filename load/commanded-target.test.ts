import { connect } from "node:net";
import { expect, test } from "vitest";
import { isCommanded, startCommanded } from "./commanded-target.ts";
import type { CommandedTarget } from "./commanded-target.ts";
import { isGroupAlive } from "./process-group.ts";

const NODE = JSON.stringify(process.execPath);
/** Listens on PORT; what it answers is not asked here. */
const LISTENING = `${NODE} -e 'require("net").createServer().listen(process.env.PORT, "127.0.0.1")'`;

function target(command: string): CommandedTarget {
  return {
    name: "own",
    transport: "sse",
    url: "http://127.0.0.1:0/events/{topic}",
    publish: { url: "http://127.0.0.1:0/publish", body: "{message}" },
    command,
  };
}

const start = (command: string, died: (how: string) => void = () => {}, signal = new AbortController().signal) =>
  startCommanded(target(command), died, signal);

test("a command's server is reached at the port that was chosen for it, and its processes are known", async () => {
  const started = await start(LISTENING);
  try {
    const [address] = started.addresses;
    expect(address!.port).toBeGreaterThan(0);
    expect(started.foreign!.publish.address.port).toBe(address!.port);
    expect(started.foreign!.subscription.path).toBe("/events/{topic}");
    expect(started.pids).toHaveLength(1);
    expect(isGroupAlive(started.pids[0]!)).toBe(true);
  } finally {
    await started.stop();
  }
});

test("two of them at once have ports of their own", async () => {
  const both = await Promise.all([start(LISTENING), start(LISTENING)]);
  await Promise.all(both.map((each) => each.stop()));
  expect(new Set(both.map(({ addresses }) => addresses[0]!.port)).size).toBe(2);
});

test("when it is stopped nothing is left of what the command started, children of a shell included", async () => {
  const started = await start(`sleep 1000 & ${LISTENING}`);
  const { port } = started.addresses[0]!;
  const [group] = started.pids;
  await started.stop();
  expect(isGroupAlive(group!)).toBe(false);
  await expect(new Promise((resolve, reject) => connect(port, "127.0.0.1").once("connect", resolve).once("error", reject))).rejects.toThrow(
    "ECONNREFUSED",
  );
});

test("a command that ends before it listens is an error that says what it said", async () => {
  await expect(start("echo no such thing >&2; exit 7")).rejects.toThrow(
    /target "own": its command ended before it listened on PORT.*no such thing/,
  );
});

test("a server that ends by itself later is told of", async () => {
  let tell: (how: string) => void;
  const told = new Promise<string>((resolve) => (tell = resolve));
  const started = await start(LISTENING, (how) => tell(how));
  process.kill(-started.pids[0]!, "SIGKILL");
  expect(await told).toContain("own");
  await started.stop();
});

test("the start can be given up", async () => {
  const controller = new AbortController();
  const starting = start("sleep 1000", () => {}, controller.signal);
  controller.abort();
  await expect(starting).rejects.toThrow("abort");
});

test("only a target with a command is started", () => {
  expect(isCommanded(target("x"))).toBe(true);
  expect(isCommanded({ name: "own", transport: "sse", url: "http://127.0.0.1:1/", control: "http://127.0.0.1:2/" })).toBe(false);
});
