/** A table as files and clipboards want it. */
import { csvField } from "../../formats/csv-field.ts";
import { markdownText } from "../../formats/escape.ts";
import { markdownTable } from "../../formats/markdown-table.ts";
import type { Grid } from "./table-grid.ts";

/** Comma-separated, as RFC 4180 has it; numbers without their thousands' commas, what is missing empty, no text a formula. */
export function csvOf({ header, rows }: Grid): string {
  const lines = [header.map((text) => csvField(text)), ...rows.map((row) => row.map((text) => csvField(valueOf(text))))];
  return lines.map((fields) => `${fields.join(",")}\r\n`).join("");
}

/** A table of Markdown, every text in it shown as it is. */
export function markdownOf({ header, rows }: Grid): string {
  return `${markdownTable(
    header.map(markdownText),
    rows.map((row) => row.map(markdownText)),
  )}\n`;
}

const PLAIN_NUMBER = /^[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/;

function valueOf(text: string): string | number | undefined {
  if (text === "–") return undefined;
  return PLAIN_NUMBER.test(text) ? Number(text.replaceAll(",", "").replace("−", "-")) : text;
}
