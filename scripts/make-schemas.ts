/** JSON Schemas of what pushbench saves, made of the TypeScript types themselves, with their doc sentences as descriptions. */
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";
import type { Schema } from "ts-json-schema-generator";
import { RECORD_TYPES } from "./record-types.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** By name. A field that a type does not have is not allowed: what is printed is what this version writes. */
export function makeSchemas(): Readonly<Record<string, Schema>> {
  const files = [...new Set(RECORD_TYPES.map(({ file }) => file.replace(/\.ts$/, "")))];
  const generator = createGenerator({
    path: `${ROOT}{${files.join(",")}}.ts`,
    tsconfig: `${ROOT}tsconfig.json`,
    // The types are checked by `npm run types`, by a newer compiler than the generator has.
    skipTypeCheck: true,
    expose: "export",
    jsDoc: "basic",
    topRef: false,
    additionalProperties: false,
    sortProps: false,
  });
  return Object.fromEntries(RECORD_TYPES.map(({ name, of, type }) => [name, { title: of, ...generator.createSchema(type) }]));
}
