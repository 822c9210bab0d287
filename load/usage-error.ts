/** A wrong command, suite or argument: the message says what, where and what to do, and stands without a stack. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
