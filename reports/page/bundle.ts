/** The scripts of the page as two texts without imports, made of the sources here, or of what they were compiled to. */
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import type { Plugin } from "esbuild";
import { printableDocument } from "../formats/escape.ts";

export interface ClientScripts {
  /** Runs when the page is opened. */
  readonly page: string;
  /** Makes live charts; runs when one is asked for. */
  readonly runtime: string;
}

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** Of one process: they change with the program alone. */
let bundled: Promise<ClientScripts> | undefined;

/** Takes a fifth of a second the first time. Rejects with esbuild's error where a source is wrong. */
export function clientScripts(): Promise<ClientScripts> {
  return (bundled ??= bundleBoth());
}

async function bundleBoth(): Promise<ClientScripts> {
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
