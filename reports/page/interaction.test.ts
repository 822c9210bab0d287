import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ALL_SERVERS, fixtureReport, fixtureScenario, HOSTILE_NAME, invalid, only } from "../fixture.ts";
import { printable } from "../formats/escape.ts";
import { startBrowser } from "../../load/headless-browser.ts";
import type { HeadlessBrowser } from "../../load/headless-browser.ts";
import { drawCharts } from "../charts/catalogue.ts";
import { judgeTextbook } from "../textbook.ts";
import { renderPage } from "./page.tsx";

/** One page for all of them, opened anew for each. */
let browser: HeadlessBrowser;
let context: BrowserContext;
let page: Page;
let address: string;
let requests: string[] = [];
let messages: string[] = [];

const HOSTILE = { name: HOSTILE_NAME, transport: "sse", latencyMs: 2 };
const NAMES = new Set(["websocket-ws", "websocket-uws", "sse-node", "polling-node"]);
const SERVERS = [...ALL_SERVERS.filter(({ name }) => NAMES.has(name)), HOSTILE];
const SHOWN_HOSTILE = printable(HOSTILE_NAME);
/** Drawings of the page. */
let figures: number;

beforeAll(async () => {
  browser = await startBrowser();
  const scenarios = ["broadcast", "topics"].map((name) => fixtureScenario({ name }));
  const { run, summary } = fixtureReport({ servers: SERVERS, scenarios, trials: 3, alter: only("sse-node", invalid) });
  figures = drawCharts(run, summary).length;
  const path = join(browser.directory, "interactive.html");
  await writeFile(path, await renderPage(run, { ...summary, textbook: judgeTextbook(summary.cells, []) }));
  address = pathToFileURL(path).href;
  context = await browser.browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: "light", acceptDownloads: true });
  page = await context.newPage();
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
}, 180_000);
afterAll(() => browser.close());

async function open(hash = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${address}${hash}`);
}

beforeEach(() => {
  [requests, messages] = [[], []];
});

/** Nothing was loaded but the page and what it made itself, and nothing went wrong. */
function quiet(): void {
  expect(requests.filter((url) => url.split("#")[0] !== address && !/^(?:data|blob|about):/.test(url))).toEqual([]);
  expect(messages).toEqual([]);
}

const hero = (): Promise<string[]> => page.locator(".hero tbody").first().locator("tr:not(.group):visible th").allInnerTexts();
const names = async (): Promise<string[]> => (await hero()).map((text) => text.split(" invalid")[0]!.trim());
const hash = (): string => new URL(page.url()).hash;

describe("a table", { timeout: 30_000 }, () => {
  it("is sorted by its headers: up, down, and as it was, each scenario by itself", async () => {
    await open();
    const before = await hero();
    const header = page.locator(".hero th", { hasText: "p99" });
    const values = async () =>
      (await page.locator(".hero tbody").first().locator("tr:not(.group) td:nth-child(3)").allInnerTexts()).map(Number.parseFloat);
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    expect(await values()).toEqual((await values()).toSorted((a, b) => a - b));
    expect(hash()).toBe("#verdict?sort=p99:asc");
    await header.getByRole("button").press("Enter");
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    expect(await values()).toEqual((await values()).toSorted((a, b) => b - a));
    expect(await page.locator(".hero tbody tr:first-child").allInnerTexts()).toEqual(["broadcast", "topics"]);
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("none");
    expect(await hero()).toEqual(before);
    quiet();
  });

  it("is copied as Markdown and saved as CSV, as it is shown", async () => {
    await open("#verdict?t=websocket-ws&sort=p99:desc");
    const tools = page.locator("#verdict > .tools").first();
    await page.evaluate(`addEventListener("copy", () => { window.copied = String(getSelection()); })`);
    const [download] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: "CSV" }).click()]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^group,server,"p50 \(ms\)","p99 \(ms\)",/);
    expect(lines.slice(1).map((line) => line.split(",").slice(0, 2))).toEqual([
      ["broadcast", "websocket-ws"],
      ["topics", "websocket-ws"],
    ]);
    await tools.getByRole("button", { name: "copy" }).click();
    await page.locator(".said", { hasText: "copied 2 rows as Markdown" }).waitFor();
    quiet();
  });
});

describe("the filter", { timeout: 30_000 }, () => {
  it("hides rows and columns of servers that were not chosen, and dims their marks, everywhere", async () => {
    await open();
    await page.locator(".filter summary").click();
    await page.getByRole("group", { name: "transport" }).getByRole("button", { name: "WebSocket" }).click();
    expect((await names()).toSorted()).toEqual(["websocket-uws", "websocket-ws"]);
    expect(await page.locator("#delivery table").first().locator("thead th:visible").allInnerTexts()).toEqual([
      "metric",
      "unit",
      expect.stringContaining("websocket-"),
      expect.stringContaining("websocket-"),
    ]);
    const dimmed = await page.locator("#latency-ranges-broadcast svg text.dimmed").allTextContents();
    expect(dimmed).toEqual(expect.arrayContaining(["sse-node", "polling-node", SHOWN_HOSTILE]));
    expect(dimmed.join()).not.toContain("websocket");
    for (const figure of await page.locator("figure").all()) {
      expect(await figure.locator("svg .dimmed").count(), (await figure.getAttribute("id"))!).toBeGreaterThan(0);
    }
    await page.keyboard.press("Escape");
    expect(await page.locator(".filter").getAttribute("open")).toBeNull();
    expect(await page.locator(".filter summary").innerText()).toBe("filter: 2 of 5 servers");
    await page.goBack();
    expect(await names()).toHaveLength(5);
    expect(await page.locator("svg .dimmed").count()).toBe(0);
    await page.goForward();
    expect(await names()).toHaveLength(2);
    quiet();
  });

  it("knows a server by the name that the page gives it, hostile or not", async () => {
    await open();
    await page.locator(".filter summary").click();
    await page.getByRole("group", { name: "server" }).getByRole("button").filter({ hasText: "<img" }).click();
    expect(await names()).toEqual([SHOWN_HOSTILE]);
    await page.getByRole("button", { name: "show all" }).click();
    expect(await names()).toHaveLength(5);
    expect(await page.locator("img").count()).toBe(0);
    quiet();
  });
});

it("opens as a link says: place, servers, order and colours", { timeout: 30_000 }, async () => {
  await open("#delivery?t=sse,websocket-ws&sort=metric:desc&theme=dark");
  expect((await names()).toSorted()).toEqual([SHOWN_HOSTILE, "sse-node", "websocket-ws"].toSorted());
  const top = async () => (await page.locator("#delivery").boundingBox())!.y;
  await expect.poll(async () => Math.abs((await top()) - 44), { timeout: 5_000 }).toBeLessThan(60);
  expect(await page.locator("#delivery th[aria-sort=descending]").count()).toBe(2);
  expect(await page.locator(".hero th[aria-sort=descending]").count()).toBe(0);
  expect(await page.locator("html").evaluate((e) => e.ownerDocument.defaultView!.getComputedStyle(e).backgroundColor)).toBe(
    "rgb(15, 18, 22)",
  );
  await page.locator("nav a[href='#trust']").evaluate((link) => (link as unknown as { click(): void }).click());
  expect(hash()).toBe("#trust?t=sse,websocket-ws&theme=dark");
  await page.getByLabel("theme").selectOption("light");
  expect(hash()).toBe("#trust?t=sse,websocket-ws&theme=light");
  expect(await page.locator("html").evaluate((e) => e.ownerDocument.defaultView!.getComputedStyle(e).backgroundColor)).toBe(
    "rgb(254, 254, 254)",
  );
  quiet();
});

describe("a figure", { timeout: 30_000 }, () => {
  const figure = () => page.locator("#percentile-curves-broadcast");
  const saved = async (name: string): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      figure().locator(".tools").getByRole("button", { name, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^percentile-curves-broadcast\./);
    return readFile(await download.path());
  };

  it("is saved as SVG, PNG, CSV and specification, with every name as text", async () => {
    await open();
    const svg = (await saved("SVG")).toString();
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/var\(|<img/);
    const png = await saved("PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThan(1500);
    expect((await saved("CSV")).toString()).toMatch(/^percentile,/);
    const specification = JSON.parse((await saved("spec")).toString()) as { readonly $schema: string; readonly description: string };
    expect(specification.$schema).toContain("vega-lite");
    expect(specification.description).toBe(await figure().locator("figcaption").innerText());
    quiet();
  });

  it("comes to life when asked, with the figures under the pointer and under the arrow keys, and goes back", async () => {
    await open("#?t=sse");
    await figure().scrollIntoViewIfNeeded();
    await figure().getByRole("button", { name: "explore" }).click();
    const live = figure().locator(".live svg");
    await live.waitFor();
    expect(await figure().locator("[role=img]").count()).toBe(0);
    expect(await live.locator("text.dimmed").allTextContents()).toEqual(expect.arrayContaining(["websocket-ws"]));
    const ends = live.locator(".mark-symbol path").first();
    const box = (await ends.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    expect(await page.locator(".tip").innerText()).toMatch(/^\S.*\npercentile: p[\d.]+\ndelivery latency, ms: [\d,.]+$/);
    await figure().locator(".live").focus();
    const seen = new Set<string>();
    for (let i = 0; i < 400 && !seen.has(SHOWN_HOSTILE); i++) {
      await page.keyboard.press("ArrowLeft");
      seen.add((await page.locator(".tip div").first().innerText()).trim());
    }
    expect([...seen]).toContain(SHOWN_HOSTILE);
    expect(await page.locator("img").count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await page.locator(".tip").isVisible()).toBe(false);
    await figure().getByRole("button", { name: "explore" }).click();
    expect(await figure().locator("[role=img] svg.marks").count()).toBe(1);
    expect(await page.locator(".tip").count()).toBe(0);
    quiet();
  });
});

it("has a live chart for every figure", { timeout: 60_000 }, async () => {
  await open();
  for (const figure of await page.locator("figure[id$=broadcast]").all()) {
    await figure.getByRole("button", { name: "explore" }).click();
    await figure.locator(".live svg.marks path").first().waitFor({ state: "attached" });
  }
  expect(await page.locator(".said").count()).toBe(0);
  quiet();
});

describe("axe finds nothing", { timeout: 60_000 }, () => {
  it.each([
    ["in light colours", "light", "screen"],
    ["in dark colours, with servers chosen and menus open", "dark", "screen"],
    ["in print", "light", "print"],
  ] as const)("%s", async (_, theme, media) => {
    await page.emulateMedia({ media });
    try {
      await open(theme === "dark" ? "#verdict?t=websocket&sort=p99:asc&theme=dark" : "");
      if (theme === "dark") await page.locator(".filter summary").click();
      // Through the debugger: the page's own policy would not let it in.
      await page.evaluate(axe.source);
      const violations = await page.evaluate<string[]>(
        `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + " " + failureSummary).join(" | ")))`,
      );
      expect(violations).toEqual([]);
    } finally {
      await page.emulateMedia({ media: null });
    }
  });
});

it("prints everything, whatever was closed, in light colours", { timeout: 30_000 }, async () => {
  await open("#?theme=dark");
  const closed = page.locator("details:not(.menu):not([open])");
  expect(await closed.count()).toBeGreaterThan(5);
  await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
  expect(await closed.count()).toBe(0);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("html").evaluate((e) => e.ownerDocument.defaultView!.getComputedStyle(e).backgroundColor)).toBe(
    "rgb(254, 254, 254)",
  );
  expect(await page.locator(".tools:visible, .bar:visible").count()).toBe(0);
  await page.emulateMedia({ media: null });
  await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
  expect(await closed.count()).toBeGreaterThan(5);
});

it("is reached by keyboard: first a link past everything, then what is on the bar", { timeout: 30_000 }, async () => {
  await open();
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate("document.activeElement.textContent.trim()");
  expect(await focused()).toBe("skip to the answer");
  expect((await page.locator(".skip").boundingBox())!.x).toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("sections");
  expect(
    await page
      .locator(".menu summary")
      .first()
      .evaluate((e) => e.ownerDocument.defaultView!.getComputedStyle(e).outlineStyle),
  ).toBe("solid");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(hash()).toBe("#verdict");
  expect(await page.evaluate("document.activeElement.id")).toBe("verdict");
});

it("has all of it without JavaScript, and no control that would need it", { timeout: 30_000 }, async () => {
  const silent = await browser.browser.newContext({ viewport: { width: 1280, height: 720 }, javaScriptEnabled: false });
  try {
    const still = await silent.newPage();
    await still.goto(address);
    expect(await still.locator("figure svg.marks").count()).toBe(figures);
    expect(await still.locator("figure table").count()).toBe(figures);
    expect(await still.locator("button, select").count()).toBe(0);
    await still.locator(".menu summary").click();
    await still.locator("nav a", { hasText: "Method" }).click();
    expect(new URL(still.url()).hash).toBe("#method");
  } finally {
    await silent.close();
  }
});

describe("a page of 208 cells", { timeout: 90_000 }, () => {
  const SCENARIOS = 16;
  /** Of more than four scenarios three have all details: from five on each adds as much as the next one. */
  const MADE = [5, 6] as const;
  let pages: string[];
  beforeAll(async () => {
    pages = [];
    for (const count of MADE) {
      const scenarios = Array.from({ length: count }, (_, i) => fixtureScenario({ name: `broadcast,subscribers=${100 * (i + 1)}` }));
      const { run, summary } = fixtureReport({ servers: ALL_SERVERS, scenarios });
      pages.push(await renderPage(run, summary));
    }
  }, 180_000);

  it("stays under 5 MB", () => {
    const [five, six] = pages.map((text) => Buffer.byteLength(text));
    expect(five! + (SCENARIOS - MADE[0]) * (six! - five!)).toBeLessThan(5 * 2 ** 20);
  });
});
