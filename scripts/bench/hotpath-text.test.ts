import { expect, test } from "vitest";
import { costOf } from "../../load/hotpath.ts";
import { formatCosts, formatShare } from "./hotpath-text.ts";

const ROUNDS = [
  { parse: 90, envelope: 150, receiver: 230 },
  { parse: 100, envelope: 170, receiver: 260 },
  { parse: 80, envelope: 180, receiver: 240 },
];
const FULL = costOf("WebSocket", "full", ROUNDS);
const SPARSE = costOf(
  "WebSocket",
  "sparse",
  ROUNDS.map(({ receiver, ...rest }) => ({ ...rest, receiver: receiver * 2 })),
);

test("each part is what a stage adds within its round, and has its median, least and most", () => {
  expect(FULL.parse).toEqual({ median: 90, min: 80, max: 100 });
  expect(FULL.envelope).toEqual({ median: 70, min: 60, max: 100 });
  expect(FULL.ledger).toEqual({ median: 80, min: 60, max: 90 });
  expect(FULL.together).toEqual({ median: 240, min: 230, max: 260 });
});

test("a row says whether the goal is met", () => {
  const rows = formatCosts([FULL, SPARSE]).split("\n");
  expect(rows.at(-2)).toMatch(/^\| WebSocket +\| full +\| 90 \(80–100\) .*\| 240 \(230–260\) \| yes +\|$/);
  expect(rows.at(-1)).toMatch(/\| 480 \(460–520\) \| no +\|$/);
});

test("the share lies between that of full and that of sparse reads, and the measurement's own doubts are said", () => {
  const cost = { server: "websocket-uws", deliveries: 150_000, nsPerDelivery: 1000, doubts: ["steal of 4 %"] };
  const said = formatShare([FULL, SPARSE], cost);
  expect(said).toContain("150000 deliveries, at 1000 ns");
  expect(said).toContain("24–48 % of that is the hot path");
  expect(said).toContain("Doubtful: steal of 4 %");
});
