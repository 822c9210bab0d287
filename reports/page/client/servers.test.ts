import { describe, expect, it } from "vitest";
import { isShown, serverNamed, toggled } from "./servers.ts";
import type { PageServer } from "./servers.ts";

const server = (name: string, family = "sse"): PageServer => ({ name, family, familyLabel: family });
const SERVERS = [server("sse-node"), server("sse-node two"), server("websocket-ws", "websocket")];

describe("the choice of servers", () => {
  it("shows all while nothing is chosen, else those named or of a named family", () => {
    expect(SERVERS.map((each) => isShown(each, []))).toEqual([true, true, true]);
    expect(SERVERS.map((each) => isShown(each, ["websocket"]))).toEqual([false, false, true]);
    expect(SERVERS.map((each) => isShown(each, ["websocket", "sse-node"]))).toEqual([true, false, true]);
    expect(SERVERS.map((each) => isShown(each, ["unknown"]))).toEqual([false, false, false]);
  });

  it("takes back what is chosen a second time", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });
});

describe("the server that a text names", () => {
  it.each([
    ["sse-node", 0],
    ["sse-node ms", 0],
    ["sse-node two", 1],
    ["sse-node two ms", 1],
    [" websocket-ws invalid ", 2],
    ["sse-node2", undefined],
    ["metric", undefined],
  ])("%s: %s", (text, at) => expect(serverNamed(SERVERS, text)).toBe(at));
});
