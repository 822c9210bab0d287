/** A real browser, from npm alone: for what only a browser can tell, and for the tests of pages. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";

export interface HeadlessBrowser {
  readonly browser: Browser;
  /** Folder of its own, gone after `close`. */
  readonly directory: string;
  close(): Promise<void>;
}

/** What is set for the package's sake, and put back. */
const CHANGED = ["VERCEL", "TMPDIR", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"];

const PACKAGES = ["@sparticuz/chromium@147.0.0", "playwright-core@1.65.1"];

/** Throws where there is none, saying what to install. */
async function load() {
  try {
    return await Promise.all([import("@sparticuz/chromium"), import("playwright-core")]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new Error(`there is no browser here: npm install ${PACKAGES.join(" ")}`, { cause });
  }
}

/**
 * Starts headless Chromium with the libraries that come with its package, in a temporary folder of its own. The package unpacks its
 * libraries only where an environment variable makes it think of a serverless host, and it reuses any older copy in `TMPDIR`, so
 * both are set before it is imported.
 */
export async function startBrowser(): Promise<HeadlessBrowser> {
  const directory = await mkdtemp(join(tmpdir(), "pushbench-browser-"));
  const before = new Map(CHANGED.map((name) => [name, process.env[name]]));
  try {
    Object.assign(process.env, { VERCEL: "1", TMPDIR: directory });
    const [{ default: chromium }, { chromium: playwright }] = await load();
    const executablePath = await chromium.executablePath();
    // The package's own font configuration names fixed folders under /tmp; with these fonts alone a page looks the same everywhere.
    const fonts = join(directory, "fonts.conf");
    await writeFile(
      fonts,
      `<fontconfig><dir>${join(directory, "fonts")}</dir><cachedir>${join(directory, "cache")}</cachedir></fontconfig>`,
    );
    const env = {
      ...(process.env as Record<string, string>),
      HOME: directory,
      FONTCONFIG_FILE: fonts,
      LD_LIBRARY_PATH: join(directory, "al2023", "lib"),
    };
    // Not the package's own arguments: they switch web security off.
    const browser = await playwright.launch({ executablePath, args: ["--no-sandbox"], env, headless: true });
    return {
      browser,
      directory,
      async close() {
        await browser.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    throw cause;
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
