import { describe, expect, it } from "vitest";
import type { Suite } from "../load/suite.ts";
import { UsageError } from "../load/usage-error.ts";
import { chooseFromSuite } from "./suite-choice.ts";

const target = { name: "mine", transport: "sse", url: "http://127.0.0.1:1", control: "http://127.0.0.1:2" };
const suite: Suite = {
  name: "s",
  description: "",
  file: "s.yaml",
  servers: ["sse-node", target],
  trials: 2,
  seed: 7,
  allow: [],
  scenarios: [],
};
const known = [{ name: "sse-node" }, { name: "websocket-ws" }];

describe("chooseFromSuite", () => {
  it("leaves a suite as it is when nothing was chosen", () => {
    expect(chooseFromSuite(suite, {}, known)).toEqual(suite);
  });

  it("puts trials and seed over the suite's", () => {
    expect(chooseFromSuite(suite, { trials: 6, seed: 0 }, known)).toMatchObject({ trials: 6, seed: 0 });
  });

  it("picks servers of the suite, targets included, and others from the catalogue, each once", () => {
    expect(chooseFromSuite(suite, { server: ["mine", "websocket-ws", "mine"] }, known).servers).toEqual([target, "websocket-ws"]);
  });

  it("refuses a server that nobody knows", () => {
    expect(() => chooseFromSuite(suite, { server: ["mien"] }, known)).toThrow(
      new UsageError('unknown server "mien": expected one of sse-node, mine, websocket-ws; did you mean "mine"?'),
    );
  });
});
