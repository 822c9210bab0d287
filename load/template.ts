/** Texts with places to fill, as a suite holds them for a foreign server: `{"channel":"{topic}"}`. */

/** A name between braces, with nothing else; so braces of JSON are none, but for `{name}` itself. */
const PLACE = /\{([A-Za-z][\w:.-]*)\}/g;

export interface Place {
  readonly name: string;
  /** Where its brace opens. */
  readonly at: number;
  /** Both braces included. */
  readonly length: number;
}

/** The places of a text, in order. */
export function placesIn(text: string): Place[] {
  return [...text.matchAll(PLACE)].map((match) => ({ name: match[1]!, at: match.index, length: match[0].length }));
}

/** The text with its places filled; one that `values` does not name stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACE, (place, name: string) => values[name] ?? place);
}

/** The text with each `{env:NAME}` filled from the environment. */
export function fillFromEnvironment(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  return text.replace(
    PLACE,
    (place, name: string) => (name.startsWith(ENVIRONMENT) ? environment[name.slice(ENVIRONMENT.length)] : undefined) ?? place,
  );
}

/** How the name of a place begins that stands for a variable of the environment. */
export const ENVIRONMENT = "env:";
