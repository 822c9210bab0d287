/** Whether a suite may be called so: it stands in the names of files. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text);
}

export const NAME_EXPECTED = "expected letters, digits, dots, dashes and underscores, 64 at most, a letter or digit first";
