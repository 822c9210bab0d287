import { Command } from "commander";
import { jsonDocument } from "../../reports/formats/escape.ts";
import { padEndTo } from "../../reports/formats/text-width.ts";
import { examples } from "../examples.ts";
import { invocation } from "../invocation.ts";
import { option } from "../option.ts";
import { SCHEMAS, schemaOf } from "../schema-of.ts";

/** `pushbench schema [name]`: the JSON Schema of a suite or of a file that pushbench saves; without a name, which there are. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("Print the JSON Schema of a suite, or of what pushbench saves and prints with --json.")
    .argument("[name]", "which one; without a name they are listed")
    .addOption(option("--json", "print the list as one JSON document; a schema always is one"))
    .addHelpText(
      "before",
      examples([
        ["schema", "which there are"],
        ["schema suite > suite.schema.json", "for an editor that completes suites"],
        ["schema summary", "what run --json prints"],
      ]),
    )
    .action(async (name: string | undefined, { json = false }: { readonly json?: boolean }) => {
      process.stdout.write(name === undefined ? list(json) : jsonDocument(await schemaOf(name)));
    });
}

function list(json: boolean): string {
  const schemas = SCHEMAS.map(({ name, of }) => ({ name, of }));
  if (json) return jsonDocument({ schemaVersion: 1, schemas });
  const rows = schemas.map(({ name, of }) => `  ${padEndTo(name, 12)}  ${of}\n`);
  return `${rows.join("")}\n${invocation()} schema <name> prints one\n`;
}
