/** The scripts of the page: bundled when the program was compiled, or on the spot where it runs from its sources. */
import { readFile } from "node:fs/promises";

export interface ClientScripts {
  /** Runs when the page is opened. */
  readonly page: string;
  /** Makes live charts; runs when one is asked for. */
  readonly runtime: string;
}

/** Beside the compiled file. */
export const BUNDLED = "client-scripts.json";

/** Of one process: they change with the program alone. */
let scripts: Promise<ClientScripts> | undefined;

/** Takes a fifth of a second where they are bundled here. */
export function clientScripts(): Promise<ClientScripts> {
  return (scripts ??= import.meta.url.endsWith(".ts") ? bundle() : read());
}

async function bundle(): Promise<ClientScripts> {
  return (await import("./bundle.ts")).bundleScripts();
}

async function read(): Promise<ClientScripts> {
  return JSON.parse(await readFile(new URL(BUNDLED, import.meta.url), "utf8")) as ClientScripts;
}
