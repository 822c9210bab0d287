/** `npm run schemas`: writes the JSON Schemas anew, after a type of what is saved has changed. */
import { fileURLToPath } from "node:url";
import { saveFile } from "../load/save.ts";
import { makeSchemas } from "./make-schemas.ts";
import { SCHEMAS_FILE } from "./record-types.ts";

await saveFile(fileURLToPath(new URL(SCHEMAS_FILE, import.meta.url)), `${JSON.stringify(makeSchemas(), null, 1)}\n`);
