/** A message, line, event or frame longer than this is refused by the lean clients; no server here takes as much. */
export const LONGEST_MESSAGE_BYTES = 4 * 1024 * 1024;
