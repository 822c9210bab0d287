/** The servers of the page, and which of them a reader chose to see. */

export interface PageServer {
  /** As the page writes it. */
  readonly name: string;
  /** Its transport family, by which it can be chosen with all of its kind. */
  readonly family: string;
  readonly familyLabel: string;
}

/** Nothing chosen is everything shown. */
export function isShown({ name, family }: PageServer, chosen: readonly string[]): boolean {
  return chosen.length === 0 || chosen.includes(name) || chosen.includes(family);
}

/** The choice with this one added, or without it if it was chosen. */
export function toggled(chosen: readonly string[], one: string): string[] {
  return chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
}

/** The class of a server's elements in a drawing. */
export function serverClass(index: number): string {
  return `s${index}`;
}

/**
 * Whose figures stand under this header or beside this name, as an index; undefined for none or several. A column of one server is headed by its name, which a unit may follow.
 */
export function serverNamed(servers: readonly PageServer[], text: string): number | undefined {
  const words = text.trim();
  let found: number | undefined;
  for (const [at, { name }] of servers.entries()) {
    if (words !== name && !words.startsWith(`${name} `)) continue;
    if (found === undefined || name.length > servers[found]!.name.length) found = at;
  }
  return found;
}
