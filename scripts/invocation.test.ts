import { expect, test } from "vitest";
import { invocation } from "./invocation.ts";

test.each([
  [{}, "pushbench"],
  [{ npm_lifecycle_event: "bench" }, "npm run -s pushbench --"],
  [{ npm_lifecycle_event: "pushbench" }, "npm run -s pushbench --"],
  [{ npm_lifecycle_event: "npx" }, "npx pushbench"],
])("under %j a suggested command begins with %s", (environment, expected) => {
  expect(invocation(environment)).toBe(expected);
});
