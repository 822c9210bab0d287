import { describe, expect, it } from "vitest";
import { SuiteError } from "../../load/suite-error.ts";
import { UsageError } from "../../load/usage-error.ts";
import { compare } from "./compare.ts";
import { chooseSuite, readSuite } from "./suite.ts";

const WRITTEN = { name: "mine", servers: ["sse-node"], scenarios: [{ name: "a", duration: "2s" }] } as const;

describe("a suite", () => {
  it("is the same by its value and as it was read", async () => {
    const read = await readSuite(WRITTEN);
    expect(read).toMatchObject({ name: "mine", file: "the suite", scenarios: [{ durationMs: 2000 }] });
    expect(await readSuite(read)).toEqual(read);
  });

  it("is found by the name of a built-in one", async () => {
    expect(await readSuite("quick")).toMatchObject({ name: "quick", file: "load/suites/quick.yaml" });
  });

  it("is run on other servers, so often and with such a seed as is asked for", async () => {
    const chosen = await chooseSuite(WRITTEN, { servers: ["websocket-ws"], trials: 3, seed: 0 });
    expect(chosen).toMatchObject({ servers: ["websocket-ws"], trials: 3, seed: 0 });
  });

  it("that is wrong is refused with all that is", async () => {
    const wrong = readSuite({ ...WRITTEN, servers: ["sse-nod"], scenarios: [{ name: "a", rate: "fast" }] });
    await expect(wrong).rejects.toThrow(SuiteError);
    await expect(wrong).rejects.toMatchObject({
      problems: [{ path: "scenarios[0].rate" }, { path: "servers[0]", suggestion: "sse-node" }],
    });
  });
});

describe("what is out of range is refused with its value", () => {
  it.each([
    [{ trials: 0 }, "trials: expected a whole number from 1 to 1000, not 0"],
    [{ trials: 1.5 }, "trials: expected a whole number from 1 to 1000, not 1.5"],
    [{ trials: "6" as never }, 'trials: expected a whole number from 1 to 1000, not "6"'],
    [{ seed: -1 }, "seed: expected a whole number from 0 to 4294967295, not -1"],
    [{ servers: [] }, "servers: expected a list of at least one name"],
    [{ servers: "sse-node" as never }, "servers: expected a list of at least one name"],
    [{ servers: ["sse-nod"] }, 'did you mean "sse-node"?'],
  ])("%j", async (overrides, message) => {
    const chosen = chooseSuite(WRITTEN, overrides);
    await expect(chosen).rejects.toThrow(UsageError);
    await expect(chosen).rejects.toThrow(message);
  });

  it.each([NaN, -0.1, 11])("a band of %d", async (band) => {
    await expect(compare("base", "head", { band })).rejects.toThrow(`band ${band}: expected a share from 0 to 10, such as 0.03`);
  });
});
