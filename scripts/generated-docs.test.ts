import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { loadCommands } from "./commands.ts";
import { generatedDocuments, withGenerated } from "./generated-docs.ts";

test("docs/ says what the program says: npm run docs was run after the last change", async () => {
  // Whoever runs the tests does so by npm, whose name the examples would take over.
  vi.stubEnv("npm_lifecycle_event", undefined);
  const documents = generatedDocuments(await loadCommands());
  vi.unstubAllEnvs();
  for (const { file, text } of documents) {
    const document = await readFile(new URL(`../docs/${file}`, import.meta.url), "utf8");
    expect(document, file).toBe(withGenerated(document, text));
  }
});

test("only the generated part of a document is written anew, and one without a place for it is refused", () => {
  const document = "# Title\n\n<!-- generated: npm run docs -->\n\nold $1\n\n<!-- end -->\n\nthe rest\n";
  expect(withGenerated(document, "new $1")).toBe("# Title\n\n<!-- generated: npm run docs -->\n\nnew $1\n\n<!-- end -->\n\nthe rest\n");
  expect(() => withGenerated("# Title\n", "new")).toThrow("no place");
});
