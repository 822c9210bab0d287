import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { COMMENT_BYTES, edited, LONGER_EVENTS, LOSES_ONE_IN_TEN_THOUSAND, withFaults } from "./planted.ts";

test("an edited version is a copy in which each edit found its place, gone when it is no longer needed", async () => {
  const version = await edited([LONGER_EVENTS, LOSES_ONE_IN_TEN_THOUSAND]);
  const { program } = version.startable("sse-node");
  const folder = dirname(program!.file);
  expect(await readFile(join(folder, "event-stream.js"), "utf8")).toContain(`:${"x".repeat(COMMENT_BYTES - 2)}\\n`);
  expect(await readFile(join(folder, "hub.js"), "utf8")).toContain("% 10000");
  await version.dispose();
  await expect(access(folder)).rejects.toThrow("ENOENT");
});

test("an edit that finds no place is a defect that is said", async () => {
  await expect(edited([{ file: "hub.js", from: "no such line", to: "" }])).rejects.toThrow(
    'hub.js has changed: "no such line" does not stand in it once',
  );
});

test("faults are those of the faulty server", () => {
  expect(withFaults("sse-node", [{ kind: "burn", ms: 2 }])).toEqual({
    server: "sse-node",
    program: { file: "servers/faulty/serve.ts", args: ['[{"kind":"burn","ms":2}]', "/dev/null"] },
  });
});
