/** How commander lays out help where a terminal is narrow: a flag on its line, what it does below it. */
import type { Help, HelpConfiguration } from "commander";
import { wrapped } from "../reports/formats/wrap.ts";

/** Descriptions narrower than this are hard to read beside their flags. */
const LEAST_DESCRIPTION = 36;

/** The settings; every command takes them over from the program. */
export const HELP: HelpConfiguration = {
  minWidthToWrap: 20,
  formatItem(term, termWidth, description, helper: Help): string {
    const indent = "  ";
    if (description === "") return indent + term;
    const width = helper.helpWidth ?? 80;
    const start = indent.length + termWidth + indent.length;
    if (width - start >= LEAST_DESCRIPTION) {
      const text = helper.boxWrap(description, width - start).replaceAll("\n", `\n${" ".repeat(start)}`);
      return indent + term + " ".repeat(termWidth - helper.displayWidth(term) + indent.length) + text;
    }
    return `${wrapped(indent + term, width, 4)}\n${wrapped(`      ${description}`, width, 6)}`;
  },
};
