/** One field of a comma-separated file (RFC 4180), harmless where a spreadsheet opens it. */
import { printable } from "./escape.ts";

/** Numbers as they are; a text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection). */
export function csvField(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const harmless = printable(value).replace(/^(?=\s*[=+\-@|%])/, "'");
  return /[",\s']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
