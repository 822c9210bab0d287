import { createRequire } from "node:module";

/** pushbench's own version, from package.json; the sources stand one folder above `scripts/`, the compiled files two. */
export function version(): string {
  const path = import.meta.url.endsWith(".js") ? "../../package.json" : "../package.json";
  return (createRequire(import.meta.url)(path) as { version: string }).version;
}
