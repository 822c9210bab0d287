import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { compareLooks, look, watchNeighbours } from "./neighbours.ts";
import { machineFixture } from "../sampling/machine-fixture.ts";

const stat = (name: string, user: number, system: number, startedAt: number): string =>
  `1 (${name}) S 1 7 7 0 -1 4194304 0 0 0 0 ${user} ${system} 0 0 20 0 3 0 ${startedAt} 1000 500`;

describe("neighbours", () => {
  it("are the processes that used cores between two looks, busiest first", () => {
    const before = look(
      machineFixture({
        "proc/5/stat": stat("idle", 100, 100, 1),
        "proc/6/stat": stat("busy (x) y", 100, 100, 1),
        "proc/7/stat": stat("reused", 500, 0, 1),
        "proc/8/stat": stat("ended", 1, 1, 1),
        "proc/self/stat": stat("me", 1, 1, 1),
        "proc/stat": "cpu 1 2 3\n",
      }),
    );
    const after = look(
      machineFixture({
        "proc/5/stat": stat("idle", 100, 100, 1),
        "proc/6/stat": stat("busy (x) y", 120, 105, 1),
        "proc/7/stat": stat("other", 10, 0, 2),
        "proc/9/stat": stat("new", 40, 10, 3),
      }),
    );
    expect(compareLooks(before, after, 500)).toEqual([
      { pid: 9, name: "new", cores: 1 },
      { pid: 6, name: "busy (x) y", cores: 0.5 },
      { pid: 7, name: "other", cores: 0.2 },
    ]);
  });

  it.runIf(process.platform === "linux")("name a process that is busy now", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdout.write('up'); for (;;);"], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    await once(child.stdout, "data");
    const neighbours = await watchNeighbours(200);
    expect(neighbours.find(({ pid }) => pid === child.pid)?.cores).toBeGreaterThan(0.01);
    expect(neighbours.some(({ pid }) => pid === process.pid)).toBe(false);
  });

  it("are none where there is no /proc", async () => {
    expect(await watchNeighbours(0, machineFixture({}))).toEqual([]);
  });
});
