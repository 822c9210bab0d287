import { describe, expect, it } from "vitest";
import type { CapacityAnswer, ServerCapacity } from "../load/capacity-record.ts";
import { answerText, loadText, sloText } from "./capacity.ts";

const SLOW = "delivery_latency_ms.p99 was 134 ms where < 100 was asked";

function found(answer: CapacityAnswer, ...reasons: readonly string[]): ServerCapacity {
  const range = { from: 100, min: 1, max: 5000, maxReason: "no more was asked for" };
  return { server: "sse-node", transport: "sse", slo: [], range, points: [], answer, reasons };
}

describe("an answer is never a bare number", () => {
  it.each<readonly [answer: CapacityAnswer, reasons: readonly string[], text: string]>([
    [{ held: 4200, broke: 4400, confirmed: true, end: "narrowed" }, [SLOW], `between 4,200 and 4,400 connections: ${SLOW}`],
    [
      { held: 4200, broke: 4400, confirmed: false, end: "narrowed" },
      [SLOW],
      `between 4,200 and 4,400 connections: ${SLOW}; not confirmed in a longer window`,
    ],
    [
      { held: 400, broke: 800, confirmed: false, end: "time" },
      [SLOW],
      `between 400 and 800 connections: ${SLOW}; not narrowed further, for the time that trials may take was used up`,
    ],
    [
      { held: 400, broke: 800, confirmed: true, end: "generator" },
      [SLOW],
      `between 400 and 800 connections: ${SLOW}; not narrowed further, for the generator was the limit`,
    ],
    [{ broke: 1, confirmed: false, end: "narrowed" }, [SLOW], `less than 1 connections: ${SLOW}`],
    [
      { held: 900, confirmed: true, end: "generator" },
      ["a worker was 91 % busy"],
      "at least 900 connections; limited by the generator: a worker was 91 % busy",
    ],
    [
      { held: 5000, confirmed: true, end: "most-tried" },
      [],
      "at least 5,000 connections; no more is known, for it is the most that was tried (no more was asked for)",
    ],
    [{ held: 400, confirmed: false, end: "interrupted" }, [], "at least 400 connections; no more is known, for the search was stopped"],
    [{ confirmed: false, end: "noise" }, ["steal of 4 %"], "no answer, for something else disturbed the machine: steal of 4 %"],
    [{ confirmed: false, end: "generator" }, ["busy"], "no answer, for the generator was the limit: busy"],
    [
      { confirmed: false, end: "failed" },
      ["it printed no ready line"],
      "no answer, for a trial could not be judged: it printed no ready line",
    ],
  ])("%j", (answer, reasons, text) => {
    expect(answerText({ vary: "connections" }, found(answer, ...reasons))).toBe(text);
  });
});

it("names what a level counts", () => {
  expect(loadText(1234.5, "rate")).toBe("1,234.5 messages/s");
  expect(loadText(65_536, "payload")).toBe("65,536 B of payload");
  expect(loadText(500, "fanout")).toBe("500 subscribers a topic");
});

it("writes an SLO as it is asked", () => {
  expect(
    sloText([
      { metric: "messages_lost", operator: "==", limit: 0 },
      { metric: "delivery_latency_ms.p99", operator: "<", limit: 99.5 },
    ]),
  ).toBe("messages_lost == 0 and delivery_latency_ms.p99 < 99.5");
});
