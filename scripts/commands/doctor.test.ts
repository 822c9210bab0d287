import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { pushbench } from "../pushbench-process.ts";
import type { Machine } from "../../load/machine.ts";
import { formatMachine } from "./doctor.ts";

/** A machine of these findings. */
function machine(findings: Machine["findings"]): Machine {
  const summary = "One server process can hold about 800 connections; the first limit is memory.";
  const assumed = { bytes: { server: 10_800, client: 3800, kernel: 10_300 }, memoryShare: 0.9 } as const;
  return { findings, summary, assumed } as unknown as Machine;
}

describe("doctor", () => {
  it("prints a table that ends with what follows from it, exits 0 whatever it found, and leaves nothing", async () => {
    const { code, stdout, stderr, orphans, leftovers } = await pushbench(["doctor"], tmpdir());
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect([...orphans, ...leftovers]).toEqual([]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.find((line) => line.includes("Node.js"))).toMatch(/^✓ ok\s+Node\.js\s+\d+\.\d+\.\d+\s+everything$/);
    expect(lines.at(-2)).toMatch(/^One server process can hold about [\d,]+ connections; the first limit is /);
    expect(lines.at(-1)).toMatch(/^Assumed a connection, both ends here: server 10.8 kB, client 3.8 kB, kernel 10.3 kB, in 90 %/);
  });

  it("prints one JSON document", async () => {
    const { code, stdout } = await pushbench(["doctor", "--json"], tmpdir());
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      findings: { subject: string; status: string }[];
      summary: string;
      facts: { software: unknown };
    };
    expect(document).toMatchObject({
      schemaVersion: 1,
      facts: { software: { node: process.versions.node }, limits: {}, neighbours: expect.any(Array) as unknown },
    });
    expect(document.findings.find(({ subject }) => subject === "Node.js")).toEqual({
      subject: "Node.js",
      found: process.versions.node,
      allows: "everything",
      status: "ok",
    });
    expect(document.summary).not.toBe("");
  });

  it("marks each finding with an icon and a word, and puts the advice below it", () => {
    const text = formatMachine(
      machine([
        { subject: "Node.js", found: "20.20.2", allows: "everything", status: "ok" },
        { subject: "cores", found: "2", allows: "little", status: "warn", advice: "use more" },
        { subject: "memory", found: "100 MiB", allows: "less", status: "bad", advice: "buy some" },
      ]),
      createColors(false),
    );
    expect(text.split("\n").slice(0, 8)).toEqual([
      "                 found    allows",
      "✓ ok    Node.js  20.20.2  everything",
      "! warn  cores    2        little",
      "                 → use more",
      "✗ bad   memory   100 MiB  less",
      "                 → buy some",
      "",
      "One server process can hold about 800 connections; the first limit is memory.",
    ]);
  });

  it("colours where colour is wanted, without moving a column", () => {
    const findings = [{ subject: "cores", found: "2", allows: "little", status: "warn", advice: "use more" }] as const;
    const colored = formatMachine(machine(findings), createColors(true));
    expect(colored).toContain("\u001b[33m! warn");
    expect(stripVTControlCharacters(colored)).toBe(formatMachine(machine(findings), createColors(false)));
  });
});
