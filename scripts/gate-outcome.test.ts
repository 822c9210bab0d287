import { expect, it } from "vitest";
import { gateExitCode } from "./gate-outcome.ts";

it.each([
  ["pass", false, 0],
  ["fail", false, 3],
  ["invalid", false, 4],
  ["inconclusive", false, 4],
  ["fail", true, 3],
  ["invalid", true, 4],
  ["inconclusive", true, 0],
] as const)("%s, with --allow-inconclusive %s, ends with %d", (verdict, allowInconclusive, code) => {
  expect(gateExitCode({ verdict }, { allowInconclusive })).toBe(code);
});
