/** Names in a sentence. */
import { counted } from "./figure-text.ts";

/** `a`, `a and b`, `a, b and c`; of many the first two by name and the number of the others. */
export function listed(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 2), counted(names.length - 2, "other")] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)!}`;
}
