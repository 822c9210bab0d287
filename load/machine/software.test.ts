import { describe, expect, it } from "vitest";
import { readSoftware } from "./software.ts";

describe("software", () => {
  it("reads this machine", async () => {
    const software = await readSoftware();
    expect(software).toMatchObject({ platform: process.platform, node: process.versions.node, nodeRequired: "20.18.1" });
    expect(software.cores).toBeGreaterThan(0);
    if (software.uWebSockets.loads) expect(software.uWebSockets.version).toMatch(/^\d+\.\d+\.\d+/);
    else expect(software.uWebSockets.reason).not.toBe("");
  });
});
