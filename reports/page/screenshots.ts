/**
 * `npm run screenshots -- <folder>`: the page of made-up runs as images, in both themes and on paper, for whoever changed how it looks; with
 * `--page <report.html>` the first screen of that one, as the README has it.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { climbReport } from "../fixture-climb.ts";
import { ALL_SERVERS, fixtureReport, fixtureScenario, invalid, only } from "../fixture.ts";
import { startBrowser } from "../../load/headless-browser.ts";
import { renderPage } from "./page.tsx";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { page: { type: "string" } } });
const [folder = "results/screenshots"] = positionals;

/** A page whose height does not settle is taken as it is by then. */
const MOST_LOOKS = 10;

const thresholds = [{ metric: "delivery_latency_ms.p99", operator: "<", limit: 100, level: "error" }] as const;
const REPORTS = {
  quick: fixtureReport({ trials: 6, alter: only("sse-node", invalid), scenarios: [fixtureScenario({ thresholds })] }),
  matrix: fixtureReport({ servers: ALL_SERVERS, scenarios: ["broadcast", "topics"].map((name) => fixtureScenario({ name })) }),
  climb: climbReport(),
};

/** What a reader may have done before the image is taken. */
const STATES: Readonly<
  Record<string, { readonly report: keyof typeof REPORTS; readonly hash: string; readonly act?: (page: Page) => Promise<void> }>
> = {
  "first-screen": { report: "quick", hash: "" },
  dark: { report: "quick", hash: "#?theme=dark" },
  "matrix-dark-filtered": {
    report: "matrix",
    hash: "#verdict?t=websocket,sse-node&sort=p99:desc&theme=dark",
    act: (page) => page.locator(".filter summary").click(),
  },
  "matrix-data": { report: "matrix", hash: "#delivery?t=sse" },
  live: {
    report: "matrix",
    hash: "#percentile-curves-broadcast",
    async act(page) {
      const figure = page.locator("#percentile-curves-broadcast");
      await figure.getByRole("button", { name: "explore" }).click();
      await figure.locator(".live svg").waitFor();
      for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowRight");
    },
  },
  climb: { report: "climb", hash: "#scale" },
};

const browser = await startBrowser();
try {
  await mkdir(folder, { recursive: true });
  const page = await (await browser.browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  if (values.page === undefined) await showMadeUp(page);
  else {
    await page.goto(pathToFileURL(values.page).href);
    await save(page, "report");
  }
} finally {
  await browser.close();
}

async function showMadeUp(page: Page): Promise<void> {
  for (const [name, { run, summary }] of Object.entries(REPORTS)) {
    await writeFile(join(browser.directory, `${name}.html`), await renderPage(run, summary));
  }
  for (const [name, { report, hash, act }] of Object.entries(STATES)) {
    await page.goto("about:blank");
    await page.goto(`${pathToFileURL(join(browser.directory, `${report}.html`)).href}${hash}`);
    await act?.(page);
    await save(page, name);
  }
  for (const [name, width, fullPage] of [
    ["narrow", 400, false],
    ["whole", 1280, true],
  ] as const) {
    await page.setViewportSize({ width, height: 720 });
    await page.goto("about:blank");
    await page.goto(pathToFileURL(join(browser.directory, "quick.html")).href);
    await save(page, name, fullPage);
  }
  await page.setViewportSize({ width: 1000, height: 1400 });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
  await save(page, "print", true);
}

async function save(page: Page, name: string, fullPage = false): Promise<void> {
  const path = join(folder, `${name}.png`);
  if (fullPage) await showAll(page);
  await page.screenshot({ path, fullPage });
  process.stdout.write(`${path}\n`);
}

/** What is far from the window is not drawn: the window grows until it holds the page, whose charts are as high as they are only once drawn. */
async function showAll(page: Page): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const { width, height: shown } = page.viewportSize()!;
    const height = await page.evaluate<number>("Math.ceil(document.body.getBoundingClientRect().bottom + scrollY)");
    if (height === shown) return;
    await page.setViewportSize({ width, height });
  }
}
