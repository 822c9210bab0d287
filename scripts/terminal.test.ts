import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { onTerminal, whyNoTerminal } from "./pseudo-terminal.ts";
import type { PseudoTerminal } from "./pseudo-terminal.ts";

// A run takes some seconds on a quiet machine.
vi.setConfig({ testTimeout: 60_000 });
const missing = whyNoTerminal();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-terminal-"));
  const workload = "subscribers: 20, rate: 50/s, settle: 50ms, warmup: 200ms, drain: 1s";
  await writeFile(
    join(folder, "short.yaml"),
    `name: short\nservers: [sse-node, websocket-ws]\nscenarios: [{ name: broadcast, duration: 4s, ${workload} }]\n`,
  );
  await writeFile(
    join(folder, "long.yaml"),
    `name: long\nservers: [sse-node]\nscenarios: [{ name: broadcast, duration: 60s, ${workload} }]\n`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withTerminal(args: readonly string[], columns: number, look: (terminal: PseudoTerminal) => Promise<void>): Promise<void> {
  const terminal = await onTerminal([...args, "--no-history"], { cwd: folder, columns });
  try {
    await look(terminal);
  } finally {
    await terminal.dispose();
  }
}

const BAR = /^(?:[━─]+ )?\d\/\d {2}\d:\d\d elapsed {2}\d:\d\d left$/;
const CURRENT = /^▸ [a-z-]+ +(?:sse-node|websocket-ws) {2}broadcast/;

describe.skipIf(missing !== undefined)(`a run on a terminal${missing === undefined ? "" : `: ${missing}`}`, () => {
  it("at 80 columns shows trial and run in two lines, and leaves a line a trial, the table and where the report is", async () => {
    await withTerminal(["run", "short.yaml", "--out", "wide"], 80, async (terminal) => {
      await terminal.until(/▸ measure .*\d\/s.*generator \d+ %/);
      const during = terminal.lines();
      expect(during.filter((line) => CURRENT.test(line))).toHaveLength(1);
      expect(during.filter((line) => BAR.test(line))).toHaveLength(1);
      expect(during.at(-1)).toMatch(BAR);
      expect(terminal.wrappedLines()).toEqual([]);
      await terminal.until(/✓ done {4}1\/2|~ invalid 1\/2/);
      expect(await terminal.ended).toBe(0);
      const after = terminal.lines();
      expect(after.filter((line) => CURRENT.test(line) || BAR.test(line))).toEqual([]);
      expect(after.filter((line) => /^(?:✓ done {4}|~ invalid) [12]\/2 /.test(line))).toHaveLength(2);
      expect(after.slice(-2)).toEqual(["report  wide/report.html", expect.stringMatching(/^next {4}pushbench run short\.yaml /)]);
      expect(terminal.wrappedLines()).toEqual([]);
    });
  });

  it("at 40 columns shows the same in three, and a Ctrl-C stops it in order", async () => {
    await withTerminal(["run", "long.yaml", "--out", "narrow"], 40, async (terminal) => {
      await terminal.until(/▸ measure +sse-node {2}broadcast\n {2}[\d,]+\/s.* generator \d+ %/);
      expect(terminal.lines().at(-1)).toMatch(BAR);
      expect(terminal.wrappedLines()).toEqual([]);
      terminal.type("\u0003");
      expect(await terminal.ended).toBe(130);
      const after = terminal.lines();
      expect(after.join("\n")).toMatch(/^SIGINT: stopping the load, keeping what\n {2}is finished; once more to exit at\n {2}once$/m);
      expect(after.filter((line) => CURRENT.test(line) || BAR.test(line) || line.includes("^C"))).toEqual([]);
      expect(after.filter((line) => line.startsWith("~ partial 1/1"))).toHaveLength(1);
      // The terminal's own line breaks: a command that is to be copied is not broken by us.
      expect(after.slice(-2).join("")).toMatch(/pushbench run --resume narrow --no-history$/);
    });
  });

  it("follows a window that becomes narrower", async () => {
    await withTerminal(["run", "long.yaml", "--out", "resized"], 80, async (terminal) => {
      await terminal.until(/▸ measure .*\d\/s/);
      await terminal.resize(40);
      await terminal.until(/▸ measure +sse-node {2}broadcast\n {2}[\d,]+\/s/);
      await terminal.until(/elapsed {2}0:\d\d left$/);
      const lines = terminal.lines();
      expect(lines.filter((line) => CURRENT.test(line))).toHaveLength(1);
      expect(lines.filter((line) => BAR.test(line))).toHaveLength(1);
      terminal.type("\u0003");
      expect(await terminal.ended).toBe(130);
    });
  });
});

describe.skipIf(missing !== undefined)("init on a terminal", () => {
  it("asks, and writes what was answered", async () => {
    const cwd = await mkdtemp(join(folder, "init-"));
    const terminal = await onTerminal(["init"], { cwd, columns: 80 });
    try {
      await terminal.until(/Name of the suite/);
      terminal.type("chat\r");
      await terminal.until(/Servers to load/);
      terminal.type("\r");
      await terminal.until(/A CI job/);
      terminal.type("\r");
      expect(await terminal.ended).toBe(0);
      expect(terminal.lines().join("\n")).toMatch(/wrote pushbench\.yaml\nnext {2}pushbench run \.\/pushbench\.yaml$/);
    } finally {
      await terminal.dispose();
    }
  });

  it("writes nothing where it is cancelled", async () => {
    const cwd = await mkdtemp(join(folder, "init-"));
    const terminal = await onTerminal(["init"], { cwd, columns: 40 });
    try {
      await terminal.until(/Name of the suite/);
      terminal.type("\u0003");
      expect(await terminal.ended).toBe(130);
      expect(terminal.lines().join("\n")).toContain("nothing was written");
    } finally {
      await terminal.dispose();
    }
  });
});
