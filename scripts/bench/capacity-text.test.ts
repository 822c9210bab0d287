import { expect, test } from "vitest";
import type { Planted } from "../../load/capacity-study.ts";
import { formatContained, formatPlanted } from "./capacity-text.ts";

const search = (limit: number, answer: Planted["found"]["answer"], contained: boolean): Planted => ({
  seed: 7,
  limit,
  contained,
  found: {
    ...{ server: "sse-node", transport: "sse", slo: [], range: { from: 40, min: 1, max: 1000, maxReason: "" }, answer },
    points: [
      { trial: 1, level: 40, confirm: false, verdict: "holds", reasons: [], tookMs: 1 },
      { trial: 2, level: 40, confirm: false, verdict: "noise", reasons: ["steal"], tookMs: 1 },
    ],
    reasons: answer.broke === undefined ? [] : ["p99 was 170 ms"],
  },
});

test("a row a search, with how wide its bracket is and whether the limit lies in it", () => {
  const rows = [
    search(195, { held: 190, broke: 199, confirmed: true, end: "narrowed" }, true),
    search(300, { held: 240, confirmed: false, end: "noise" }, false),
  ];
  const lines = formatPlanted(rows).split("\n");
  expect(lines[2]!.replaceAll(/ +/g, " ")).toBe("| 7 | 195 | 190 to 199 | 4.7 % | yes | yes | 2 | 1 | p99 was 170 ms |");
  expect(lines[3]!.replaceAll(/ +/g, " ")).toBe("| 7 | 300 | 240 to – | – | no | no | 2 | 1 | noise |");
  expect(formatContained(rows)).toBe("1 of 2 brackets contain the planted limit.");
});
