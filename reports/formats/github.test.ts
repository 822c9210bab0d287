import { describe, expect, it } from "vitest";
import { doubtful, fixtureGate, hostileGate, HOSTILE_GATE_NAME, where, withLedger } from "../fixture-gate.ts";
import { judgeGate } from "../gate.ts";
import { githubAnnotations, githubSummary } from "./github.ts";

const TODAY = "2026-03-01";

/** As the runner reads a line (actions/runner, ActionCommand.TryParseV2), and undoes its escapes. */
function parse(line: string): { readonly command: string; readonly title: string; readonly message: string } {
  const [, command = "", properties = "", message = ""] = /^::(\w+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
  const unescaped = (text: string): string =>
    text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%");
  const title = properties.split(",").find((property) => property.startsWith("title=")) ?? "";
  return { command, title: unescaped(title.slice("title=".length)), message: unescaped(message) };
}

const parsed = (text: string) => text.split("\n").filter(Boolean).map(parse);

describe("annotations", () => {
  it("come worst first: errors for what failed or is invalid, a warning for what cannot be told", () => {
    const gate = fixtureGate({
      confirmation: true,
      change: { server_cpu_us_per_delivery: 1.12 },
      record: { unavailable: [{ server: "sse-uws", reason: "its library does not load" }] },
      alter: (round) =>
        where(({ round: n }) => n <= 6, doubtful("host_steal"))(where(({ round: n }) => n === 1, withLedger("head", { lost: 1 }))(round)),
    });
    const found = parsed(githubAnnotations(judgeGate(gate, [], TODAY)));
    expect(found.map(({ command, message }) => [command, message.split(":")[0]])).toEqual([
      ["error", "fail"],
      ["error", "invalid"],
      ["error", "invalid"],
      ["warning", "inconclusive"],
      ["notice", "sse-uws did not run"],
    ]);
    expect(found[0]!.title).toBe("sse-node · broadcast · server_cpu_us_per_delivery");
  });

  it("are ten at most, the last of which says how many there would be", () => {
    const servers = Array.from({ length: 8 }, (_, at) => `s${at}`);
    const gate = fixtureGate({
      servers,
      confirmation: true,
      change: { server_cpu_us_per_delivery: 1.2, server_memory_per_connection_bytes: 1.3 },
    });
    const found = parsed(githubAnnotations(judgeGate(gate, [], TODAY)));
    expect(found).toHaveLength(10);
    expect(found.at(-1)!.message).toMatch(/^7 more are in the step's summary; got worse/);
  });

  it("let no name begin a command of its own", () => {
    const text = githubAnnotations(judgeGate(hostileGate(), [], TODAY));
    const lines = text.split("\n").filter(Boolean);
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*::[^\r\n]*$/);
    expect(text).not.toContain("\r");
    // What was a line end in a name is written out, so that even unescaped it is none.
    const first = parsed(text).find(({ title }) => title.includes("owned"));
    expect(HOSTILE_GATE_NAME).toContain("\n::error::owned");
    expect(first!.title).toContain("\\x0a::error::owned%0A::");
  });

  it("are none where all has passed and there is nothing to remark", () => {
    const question = { metrics: ["server_cpu_us_per_delivery"] };
    expect(githubAnnotations(judgeGate(fixtureGate({ question }), [], TODAY))).toBe("");
  });
});

it("has a summary under 900 KiB of UTF-8, whatever the names are made of", () => {
  const servers = Array.from({ length: 600 }, (_, at) => `${"測".repeat(60)}${at}`);
  const text = githubSummary(judgeGate(fixtureGate({ servers, question: { rounds: 2 } }), [], TODAY));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(900 * 1024);
  expect(Buffer.byteLength(text)).toBeGreaterThan(300 * 1024);
});
