/** Bundles the scripts of the page to two texts without imports, from the sources here, or from what they were compiled to. */
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import type { Plugin } from "esbuild";
import { printableDocument } from "../formats/escape.ts";
import type { ClientScripts } from "./client-scripts.ts";

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** Rejects with esbuild's error where a source is wrong. */
export async function bundleScripts(): Promise<ClientScripts> {
  try {
    const [page, runtime] = await Promise.all([bundle("main"), bundle("runtime")]);
    return { page, runtime };
  } finally {
    // It goes on as a process of its own otherwise, for as long as this one does.
    await stop();
  }
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./client/${entry}${EXTENSION}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    // A page says nothing of the configuration of whoever makes it.
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "silent",
    plugins: [leanVega],
  });
  // As the page will have it, for its policy names the hash of the very text.
  return printableDocument(outputFiles[0]!.text);
}

/** Vega's transforms that no chart of the report uses: a quarter of it. */
const UNUSED = /^vega-(?:crossfilter|force|geo|hierarchy|label|regression|voronoi|wordcloud)$/;

const leanVega: Plugin = {
  name: "lean-vega",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: "unused" }));
    onLoad({ filter: /./, namespace: "unused" }, () => ({ contents: "export {};" }));
  },
};
