/** The answers of a capacity search for the terminal: a line a server. */
import { createColors } from "picocolors";
import type { CapacityRecord } from "../../load/capacity-record.ts";
import { answerMark, answerText, sloText } from "../capacity.ts";
import { printable } from "./escape.ts";
import { padEndTo, textWidth } from "./text-width.ts";
import type { TerminalOptions } from "./terminal.ts";
import { wrapped } from "./wrap.ts";

/** Ends with a line end. */
export function formatCapacity({ question, servers }: CapacityRecord, { color, width }: TerminalOptions): string {
  const paint = createColors(color);
  const tints = { bracket: paint.bold, "at least": paint.bold, open: paint.yellow } as const;
  const column = Math.max(0, ...servers.map(({ server }) => textWidth(printable(server)))) + 2;
  const lines = servers.map((server) => {
    const name = tints[answerMark(server.answer)](padEndTo(printable(server.server), column));
    return wrapped(name + printable(answerText(question, server)), width, column);
  });
  const asked = `${question.vary} of ${printable(question.scenario.name)}, while ${sloText(question.slo)}`;
  return `${[wrapped(paint.dim(asked), width, 0), ...(lines.length === 0 ? ["no server was searched"] : lines)].join("\n")}\n`;
}
