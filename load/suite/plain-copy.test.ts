import { expect, test } from "vitest";
import { plainCopy } from "./plain-copy.ts";

test("plain data is copied, and what is undefined is absent", () => {
  const data = { a: [1, "two", true, null], b: { c: undefined, d: 0 } };
  const { data: copy, findings } = plainCopy(data);
  expect(copy).toStrictEqual({ a: [1, "two", true, null], b: { d: 0 } });
  expect(findings).toEqual([]);
  expect((copy as typeof data).a).not.toBe(data.a);
});

test("a field named __proto__ is a field", () => {
  const { data } = plainCopy(JSON.parse('{ "__proto__": { "trials": 3 } }'));
  expect(Object.keys(data as object)).toEqual(["__proto__"]);
  expect((data as { trials?: number }).trials).toBeUndefined();
});

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
let deep: unknown = 1;
for (let n = 0; n < 100_000; n++) deep = [deep];

test.each<[string, unknown, (string | number)[], string]>([
  ["a function", { scenarios: [{ rate: () => 5 }] }, ["scenarios", 0, "rate"], "rate is a function"],
  ["a symbol", { name: Symbol("s") }, ["name"], "name is a symbol"],
  ["a big integer", [1n], [0], "0 is a bigint"],
  ["no number", { rate: NaN }, ["rate"], "rate is NaN"],
  ["an infinite number", { rate: -Infinity }, ["rate"], "rate is -Infinity"],
  ["a promise", Promise.resolve({}), [], "this is a promise; await it first"],
  ["a map", { matrix: new Map() }, ["matrix"], "matrix is a Map"],
  ["a part of itself", cyclic, ["self"], "self is a part of itself"],
])("%s is told, with its path", (_what, value, path, message) => {
  expect(plainCopy(value).findings).toMatchObject([{ path, message }]);
});

test("what is nested without end, or throws as it is read, is told and not thrown", () => {
  expect(plainCopy(deep).findings).toMatchObject([{ message: "0 is nested more than 50 deep" }]);
  const hostile = {
    get name(): string {
      throw new Error("no");
    },
  };
  expect(plainCopy(hostile).findings).toMatchObject([{ path: [], message: "this is what cannot be read" }]);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(plainCopy({ defaults: proxy }).findings).toMatchObject([{ path: ["defaults"], message: "defaults is what cannot be read" }]);
});
