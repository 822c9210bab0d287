/** Mistakes of a suite that a program made: by their path, for no line of it is known. */
import type { ValueProblem } from "../suite-error.ts";
import type { Finding, Path } from "./source.ts";

/** A mistake by its path; a message that begins with the field's name does not say it twice. */
export function problemOf({ path, message, expected, suggestion }: Finding): ValueProblem {
  const own = `${String(path.at(-1))}: `;
  return {
    path: pathText(path),
    message: message.startsWith(own) ? message.slice(own.length) : message,
    ...(expected === undefined ? {} : { expected }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** `scenarios[0].rate`, as JavaScript writes it. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
