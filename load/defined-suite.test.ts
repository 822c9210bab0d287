import { describe, expect, expectTypeOf, it } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import { defineSuite, resolveSuite } from "./defined-suite.ts";
import type { SuiteDefinition } from "./defined-suite.ts";
import { SuiteError } from "./suite-error.ts";
import { parseSuite } from "./suite-file.ts";

const RIGHT = {
  name: "mine",
  servers: ["sse-node", "websocket-ws"],
  trials: 2,
  defaults: { rate: "20/s", payload: "1KiB" },
  matrix: { subscribers: [10, "1k"] },
  scenarios: [{ name: "a", thresholds: ["messages_lost == 0", { check: "delivery_latency_ms.p99 < 250", level: "warn" }] }],
} as const satisfies SuiteDefinition;

function thrownBy(value: unknown): SuiteError {
  try {
    defineSuite(value as SuiteDefinition);
  } catch (error) {
    if (error instanceof SuiteError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("defineSuite", () => {
  it("gives a right suite back as it was", () => {
    expect(defineSuite(RIGHT)).toBe(RIGHT);
  });

  it("tells all that is wrong at once, each with its path and what was meant", () => {
    const { message, problems, file } = thrownBy({
      name: "s",
      servers: ["sse-nod"],
      trails: 3,
      scenarios: [
        { name: "a", rate: "fast", payload: "100" },
        { name: "b", thresholds: ["messages_lot == 0"], matrix: { "sub scribers": [1] } },
        { name: "c", pattern: "topics" },
      ],
    });
    expect(file).toBe("the suite");
    expect(problems.map((problem) => ("path" in problem ? [problem.path, problem.suggestion] : []))).toEqual([
      ["scenarios[0].rate", undefined],
      ["scenarios[0].payload", undefined],
      ['scenarios[1].matrix["sub scribers"]', "subscribers"],
      ["scenarios[1].thresholds[0]", "messages_lost"],
      ["trails", "trials"],
      ["servers[0]", "sse-node"],
      ["scenarios[2].pattern", undefined],
    ]);
    expect(message).toContain('the suite: scenarios[0].rate: cannot read "fast"\n   = expected a rate such as 50/s or 2k/s\n\n');
    expect(message).toMatch(/\n\n7 problems in the suite$/);
  });

  it.each([
    ["nothing", undefined, "a suite cannot be a undefined"],
    ["a list", [], "a suite cannot be a list"],
    ["a function", () => RIGHT, "this is a function"],
  ])("refuses %s", (_what, value, message) => {
    expect(thrownBy(value).problems).toMatchObject([{ path: "", message }]);
  });

  it("says of what is no plain data so, and not that it is missing as well", () => {
    expect(thrownBy({ ...RIGHT, name: () => "s" }).problems).toEqual([
      { path: "name", message: "name is a function", expected: expect.stringContaining("plain data") as string },
    ]);
  });

  it("checks a target of one's own, by the transports that there are", () => {
    const target = { name: "mine", transport: "sse", url: "http://127.0.0.1:1/{topic}", control: "http://127.0.0.1:2" };
    expect(() => defineSuite({ ...RIGHT, servers: [target] })).not.toThrow();
    expect(thrownBy({ ...RIGHT, servers: [{ ...target, transport: "ssee" }] }).problems).toMatchObject([
      { path: "servers[0].transport", message: 'unknown transport "ssee"', suggestion: "sse" },
    ]);
  });

  it("has the fields of the file as its type, misspelt ones left out", () => {
    // @ts-expect-error -- no such field
    expect(() => defineSuite({ ...RIGHT, trails: 3 })).toThrow("trails");
    expectTypeOf<{ name: string; servers: "all"; scenarios: [{ name: string; rate: number }] }>().toExtend<SuiteDefinition>();
    expectTypeOf<{ name: string; servers: "all"; scenarios: [{ name: string; rate: boolean }] }>().not.toExtend<SuiteDefinition>();
  });
});

describe("resolveSuite", async () => {
  const catalog = await loadCatalog();

  it("makes of a suite what its YAML makes", () => {
    expect(resolveSuite(RIGHT, catalog, "s")).toEqual(parseSuite(JSON.stringify(RIGHT), "s", catalog));
  });

  it("finds also what the transports of reference servers tell", () => {
    const short = {
      name: "s",
      servers: ["polling-node"],
      scenarios: [{ name: "a", rate: "1k/s", pollInterval: "1s", history: 10 }],
    } as const;
    expect(() => defineSuite(short)).not.toThrow();
    expect(() => resolveSuite(short, catalog)).toThrow("scenarios[0].history: about 1000 messages come between two polls");
  });
});
