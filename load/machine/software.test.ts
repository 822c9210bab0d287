import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { machineFixture } from "../sampling/machine-fixture.ts";
import { findCommand, readSoftware } from "./software.ts";

describe("software", () => {
  it("finds a command in the path, and only one that can be run", () => {
    const root = machineFixture({ "bin/pushbench-fixture": "", "bin/other-fixture": "" });
    chmodSync(join(root, "bin/pushbench-fixture"), 0o755);
    const path = `/nowhere::${join(root, "bin")}`;
    expect(findCommand("pushbench-fixture", path)).toBe(true);
    expect(findCommand("pushbench-fixture", "/nowhere")).toBe(false);
    expect(findCommand("missing-fixture", path)).toBe(false);
  });

  it("reads this machine", async () => {
    const software = await readSoftware();
    expect(software).toMatchObject({ platform: process.platform, node: process.versions.node, nodeRequired: "20.18.1" });
    expect(software.cores).toBeGreaterThan(0);
    if (software.uWebSockets.loads) expect(software.uWebSockets.version).toMatch(/^\d+\.\d+\.\d+/);
    else expect(software.uWebSockets.reason).not.toBe("");
  });
});
