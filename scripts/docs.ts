/** `npm run docs`: writes what of docs/ follows from the program. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadCommands } from "./commands.ts";
import { generatedDocuments, withGenerated } from "./generated-docs.ts";

// Its messages would name npm, which runs this.
delete process.env["npm_lifecycle_event"];
for (const { file, text } of generatedDocuments(await loadCommands())) {
  const path = fileURLToPath(new URL(`../docs/${file}`, import.meta.url));
  await writeFile(path, withGenerated(await readFile(path, "utf8"), text));
}
