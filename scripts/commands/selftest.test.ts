import { createColors } from "picocolors";
import { expect, test } from "vitest";
import type { Row } from "../../load/selftest.ts";
import { pushbench } from "../pushbench-process.ts";
import { exitCodeOf, formatRow } from "./selftest.ts";

const PLAIN = createColors(false);
const ROW: Row = {
  server: "sse-node",
  fault: "each message held back: 50 ms",
  metric: "delivery_latency_ms.p50",
  unit: "ms",
  injected: 50.123_45,
  reported: 50.6,
  allowed: 1,
  verdict: "holds",
};

test("a row says what was injected, what was reported, and how far apart they lie and may lie", () => {
  expect(formatRow(ROW, PLAIN).replaceAll(/ +/g, " ")).toBe(
    " ✓ holds delivery_latency_ms.p50, ms injected 50.12 reported 50.6 error 0.4766, 1 allowed",
  );
  const { reported: _, ...nothing } = { ...ROW, verdict: "fails" as const, note: "it died" };
  expect(formatRow(nothing, PLAIN).replaceAll(/ +/g, " ")).toBe(
    " ✗ fails delivery_latency_ms.p50, ms injected 50.12 reported nothing it died",
  );
});

test.each<[readonly Row["verdict"][], number]>([
  [["holds", "holds"], 0],
  [["holds", "fails", "invalid"], 3],
  [["holds", "invalid"], 4],
])("rows that say %j end with %d", (verdicts, code) => {
  expect(exitCodeOf(verdicts.map((verdict) => ({ ...ROW, verdict })))).toBe(code);
});

test("help tells how long it takes and how it ends", async () => {
  const { code, stdout } = await pushbench(["selftest", "--help"], process.cwd());
  expect(code).toBe(0);
  expect(stdout).toContain("3 where a figure was wrong");
});
