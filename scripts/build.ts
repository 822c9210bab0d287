/** Compiles everything to `dist/`: `npm run build`. */
import { BuildError, ensureBuilt } from "../load/compiled.ts";

try {
  await ensureBuilt({ force: true });
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\nthe sources above do not compile: correct them and build again\n`);
  process.exitCode = 1;
}
