import { expect, test } from "vitest";
import type { CapacityResult } from "../load/capacity.ts";
import type { CapacityAnswer } from "../load/capacity-record.ts";
import { exitCodeOfCapacity } from "./capacity-outcome.ts";

const BRACKET: CapacityAnswer = { held: 1, broke: 2, confirmed: true, end: "narrowed" };
const NONE_HELD: CapacityAnswer = { broke: 1, confirmed: false, end: "narrowed" };
const AT_LEAST: CapacityAnswer = { held: 9, confirmed: true, end: "generator" };
const UNCONFIRMED: CapacityAnswer = { held: 1, broke: 2, confirmed: false, end: "time" };

test.each<
  readonly [
    status: CapacityResult["record"]["status"],
    answers: readonly CapacityAnswer[],
    strict: boolean,
    interrupted: number | undefined,
    code: number,
  ]
>([
  ["complete", [BRACKET], false, undefined, 0],
  ["complete", [BRACKET, NONE_HELD], true, undefined, 0],
  ["complete", [BRACKET, AT_LEAST], false, undefined, 0],
  ["complete", [BRACKET, AT_LEAST], true, undefined, 4],
  ["complete", [UNCONFIRMED], true, undefined, 4],
  ["failed", [], false, undefined, 5],
  ["failed", [AT_LEAST], true, undefined, 5],
  ["partial", [AT_LEAST], true, 130, 130],
])("%s with %j, strict %s, interrupted %s: %d", (status, answers, strict, interrupted, code) => {
  const result = { record: { status }, capacity: { servers: answers.map((answer) => ({ answer })) } } as unknown as CapacityResult;
  expect(exitCodeOfCapacity(result, { strict, interrupted })).toBe(code);
});
