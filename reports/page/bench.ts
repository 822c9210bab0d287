/** `npm run bench:page`: how soon a large page can be used, in a real browser. */
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { startBrowser } from "../../load/headless-browser.ts";
import { ALL_SERVERS, fixtureReport, fixtureScenario } from "../fixture.ts";
import { median } from "../statistics.ts";
import { renderPage } from "./page.tsx";

/** With thirteen servers each: 208 cells. */
const SCENARIOS = 16;
const TIMES = 5;

/** All in ms, from the moment in which the browser begins with the page. */
interface Times {
  /** Its scripts have run, and what is pressed does something. */
  readonly usable: number;
  /** Of the page's own thread until then, whatever else the machine does. */
  readonly work: number;
  /** A table is sorted. */
  readonly sort: number;
  /** Servers are filtered, everywhere. */
  readonly filter: number;
  /** The first chart is live, its runtime unpacked. */
  readonly explore: number;
}

const browser = await startBrowser();
try {
  const scenarios = Array.from({ length: SCENARIOS }, (_, i) => fixtureScenario({ name: `broadcast,subscribers=${100 * (i + 1)}` }));
  const { run, summary } = fixtureReport({ servers: ALL_SERVERS, scenarios });
  const path = join(browser.directory, "large.html");
  await writeFile(path, await renderPage(run, summary));
  const all: Times[] = [];
  for (let n = 0; n < TIMES; n++) all.push(await open(browser.browser, pathToFileURL(path).href));
  const { size } = await stat(path);
  process.stdout.write(`${summary.cells.length} cells, ${(size / 2 ** 20).toFixed(1)} MB; medians of ${TIMES} loads, in ms\n`);
  for (const name of Object.keys(all[0]!) as (keyof Times)[]) {
    process.stdout.write(`${name.padEnd(8)} ${Math.round(median(all.map((times) => times[name])))}\n`);
  }
} finally {
  await browser.close();
}

async function open(started: Browser, url: string): Promise<Times> {
  const context = await started.newContext({ viewport: { width: 1280, height: 720 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(url);
    const usable = await page.evaluate<number>(`performance.getEntriesByType("navigation")[0].loadEventEnd`);
    const { metrics } = await session.send("Performance.getMetrics");
    const work = metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
    const timed = async (act: () => Promise<unknown>): Promise<number> => {
      const from = performance.now();
      await act();
      return performance.now() - from;
    };
    const sort = await timed(() => page.locator(".hero th button").nth(2).click());
    await page.locator(".filter summary").click();
    const filter = await timed(() => page.getByRole("group", { name: "transport" }).getByRole("button", { name: "WebSocket" }).click());
    await page.keyboard.press("Escape");
    const figure = page.locator("figure").first();
    const explore = await timed(async () => {
      await figure.getByRole("button", { name: "explore" }).click();
      await figure.locator(".live svg").waitFor();
    });
    return { usable, work, sort, filter, explore };
  } finally {
    await context.close();
  }
}
