import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { machineFixture } from "./sampling/machine-fixture.ts";
import { findCommand } from "./find-command.ts";

test("finds a command in the path, and only one that can be run", () => {
  const root = machineFixture({ "bin/pushbench-fixture": "", "bin/other-fixture": "" });
  const file = join(root, "bin/pushbench-fixture");
  chmodSync(file, 0o755);
  const path = `/nowhere::${join(root, "bin")}`;
  expect(findCommand("pushbench-fixture", path)).toBe(file);
  expect(findCommand("pushbench-fixture", "/nowhere")).toBeUndefined();
  expect(findCommand("other-fixture", path)).toBeUndefined();
  expect(findCommand("missing-fixture", path)).toBeUndefined();
});
