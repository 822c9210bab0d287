/** Bundles the scripts of the page beside the compiled program; a program of its own, run when that is made. */
import { writeFile } from "node:fs/promises";
import { bundleScripts } from "./bundle.ts";
import { BUNDLED } from "./client-scripts.ts";

await writeFile(new URL(BUNDLED, import.meta.url), JSON.stringify(await bundleScripts()));
