import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

const servers = ["polling-node", "sse-node", "websocket-ws"];

describe("nearest", () => {
  it.each([
    ["poling-node", "polling-node"],
    ["websocket-wss", "websocket-ws"],
    ["WEBSOCKET-WS", "websocket-ws"],
    ["sse-ndoe", "sse-node"],
    ["sse", "sse-node"],
    ["websocket-ws-library", "websocket-ws"],
  ])("finds the word %s was meant to be", (word, expected) => {
    expect(nearest(word, servers)).toBe(expected);
  });

  it.each(["mqtt", "", "x", "grpc-streaming"])("finds nothing where nothing is near: %j", (word) => {
    expect(nearest(word, servers)).toBeUndefined();
  });

  it("counts a swap of neighbours as one edit", () => {
    expect(nearest("ab", ["ba", "xyb"])).toBe("ba");
  });

  it("does not turn a short word into any other of its length", () => {
    expect(nearest("ab", ["xy"])).toBeUndefined();
  });
});
