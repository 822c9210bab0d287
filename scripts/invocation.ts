/** How the user called this program, for the commands that its messages suggest: those must work as they stand. */
export function invocation(environment: NodeJS.ProcessEnv = process.env): string {
  // Set by `npm run`, whichever script it was; through npx it is "npx".
  const script = environment["npm_lifecycle_event"];
  if (script === undefined) return "pushbench";
  return script === "npx" ? "npx pushbench" : "npm run -s pushbench --";
}
