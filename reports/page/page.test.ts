import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROKE, CLIMB_CHART_NAMES, climbReport } from "../fixture-climb.ts";
import type { ClimbOptions } from "../fixture-climb.ts";
import {
  ALL_SERVERS,
  CHART_NAMES_OF_TRIALS,
  failed,
  fixtureReport,
  fixtureScenario,
  HOSTILE_NAME,
  invalid,
  only,
  QUICK_SERVERS,
  SPIKE,
} from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { historyReport } from "../fixture-history.ts";
import { printableDocument } from "../formats/escape.ts";
import { fixtureCapacity } from "../fixture-capacity.ts";
import type { Comparison } from "../comparison.ts";
import { fixtureComparison, having, scaled } from "../fixture-comparison.ts";
import { judgeTextbook } from "../textbook.ts";
import { startBrowser } from "../../load/headless-browser.ts";
import type { HeadlessBrowser } from "../../load/headless-browser.ts";
import { renderPage } from "./page.tsx";

let browser: HeadlessBrowser;
beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);
afterAll(() => browser.close());

const THRESHOLDS = [
  { metric: "messages_lost", operator: "==", limit: 0, level: "error" },
  { metric: "delivery_latency_ms.p99", operator: "<", limit: 100, level: "error" },
] as const;

interface OpenOptions {
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
  readonly width?: number;
}

interface OpenPage {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly messages: readonly string[];
}

let files = 0;

type Look = (opened: OpenPage) => Promise<void>;

async function withPage(fixture: FixtureOptions, open: OpenOptions, look: Look): Promise<void> {
  await withReport(fixtureReport(fixture), open, look);
}

interface Report extends ReturnType<typeof fixtureReport> {
  readonly comparison?: Comparison;
}

async function withReport({ run, summary, comparison }: Report, open: OpenOptions, look: Look): Promise<void> {
  const path = join(browser.directory, `report-${++files}.html`);
  await writeFile(path, await renderPage(run, summary, comparison));
  const { colorScheme = "light", javaScriptEnabled = true, width = 1280 } = open;
  const context = await browser.browser.newContext({ viewport: { width, height: 720 }, colorScheme, javaScriptEnabled });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    const messages: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(error.message));
    page.on("dialog", (dialog) => {
      messages.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(pathToFileURL(path).href);
    await look({ page, requests: requests.filter((url) => url !== pathToFileURL(path).href && !url.startsWith("data:")), messages });
  } finally {
    await context.close();
  }
}

const SECTIONS = [
  "verdict",
  "advice",
  "trust",
  "latency",
  "distribution",
  "time",
  "heatmap",
  "cost",
  "resources",
  "delivery",
  "data",
  "method",
];
const CHARTS = CHART_NAMES_OF_TRIALS.map((name) => `${name}-broadcast`);

it("says of how many windows it is known that they were steady", async () => {
  await withPage({ trials: 3 }, {}, async ({ page }) => {
    expect(await page.locator("#trust").innerText()).toMatch(
      /Of \d+ measured windows \d+ had a steady CPU time per delivery and 0 had not\./,
    );
  });
});

it("has the phases of a window by server", async () => {
  await withPage({ scenarios: [SPIKE] }, {}, async ({ page }) => {
    expect(await page.locator("#time .phases tbody").count()).toBe(3);
    expect(await page.locator("#time .phases tbody").nth(1).locator("tr").allInnerTexts()).toMatchObject([
      expect.stringMatching(/^sse-node\s+calm\s+20\s/),
      expect.stringMatching(/^ramp\s+20–80\s/),
      expect.stringMatching(/^spike\s+120\s/),
      expect.stringMatching(/^after\s+20\s/),
    ]);
    expect(await page.locator("#latency-over-time-spike figcaption").innerText()).toContain(
      "After spike the p99 was within 10 % of that of calm again within a second on polling-node, sse-node and websocket-ws.",
    );
  });
});

describe.each(["light", "dark"] as const)("the page in %s colours", (colorScheme) => {
  it("asks for nothing, says nothing to the console, and has every section and chart", async () => {
    await withPage({ trials: 3 }, { colorScheme }, async ({ page, requests, messages }) => {
      expect(requests).toEqual([]);
      expect(messages).toEqual([]);
      expect(await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).toEqual(SECTIONS);
      expect(await page.locator("figure").evaluateAll((all) => all.map(({ id }) => id))).toEqual(CHARTS);
      for (const chart of CHARTS) {
        const box = await page.locator(`#${chart} svg.marks`).boundingBox();
        expect(box?.width).toBeGreaterThan(600);
        expect(box?.height).toBeGreaterThan(60);
        expect(await page.locator(`#${chart} figcaption`).innerText()).toMatch(/\w.*\.$/);
        expect(await page.locator(`#${chart} tbody tr`).count()).toBeGreaterThan(1);
      }
    });
  });

  it("keeps text and axes readable against their ground", async () => {
    await withPage({}, { colorScheme }, async ({ page }) => {
      const contrasts = await page.evaluate(CONTRASTS);
      expect(contrasts.length).toBeGreaterThan(100);
      expect(contrasts.filter(({ ratio }) => ratio < 2.9)).toEqual([]);
    });
  });
});

/** Contrast of every text, HTML or SVG, with the page (WCAG 2); runs in the browser, hence as text. */
const CONTRASTS = `(() => {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = luminance(getComputedStyle(document.documentElement).backgroundColor);
  return [...document.querySelectorAll("p, td, th, h1, h2, li, small, summary, svg text")].filter((e) => e.textContent.trim() !== "").map((e) => {
    const own = luminance(e instanceof SVGElement ? getComputedStyle(e).fill : getComputedStyle(e).color);
    return { text: e.textContent.slice(0, 40), ratio: (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05) };
  });
})()` as unknown as () => { readonly text: string; readonly ratio: number }[];

it("has answer, doubts, hero table and the ranges on the first screen of 1280×720", async () => {
  const alter = only("sse-node", invalid);
  await withPage({ trials: 6, alter, scenarios: [fixtureScenario({ thresholds: THRESHOLDS.slice(0, 1) })] }, {}, async ({ page }) => {
    for (const place of [".answer", ".notices", ".hero", "#latency-ranges-broadcast svg.marks"]) {
      const box = (await page.locator(place).first().boundingBox())!;
      expect(box.y + box.height, place).toBeLessThan(720);
      expect(box.x + box.width, place).toBeLessThanOrEqual(1280);
    }
    expect(await page.locator(".answer").innerText()).toMatch(/^websocket-ws has the lowest p99/);
    expect(await page.locator(".notices").innerText()).toContain("event-loop utilisation of the probes 0.71, limit 0.5");
    expect(await page.locator(".hero thead th").allInnerTexts()).toEqual([
      "server",
      "p50\nms",
      "p99\nms",
      "deliveries\n1/s",
      "CPU / 1,000\nms",
      "memory (USS)\nMiB",
      "descriptors",
      "bytes / delivery\nB",
      "lost",
    ]);
  });
});

describe("the first screen of 1280×720", () => {
  /** All but one, which is left to fail a threshold. */
  const spoilt: FixtureOptions["alter"] = (m) => (m.trial.server === "websocket-ws" ? m : invalid(m));
  const bottomOf = async (page: Page, place: string) => {
    const box = (await page.locator(place).first().boundingBox())!;
    return box.y + box.height;
  };

  it("ends after the first range chart, whatever is remarked and whatever failed its thresholds", async () => {
    for (const alter of [spoilt, invalid]) {
      const scenarios = [fixtureScenario({ thresholds: [...THRESHOLDS, { ...THRESHOLDS[1], limit: 1 }] })];
      await withPage({ trials: 3, status: "partial", alter, scenarios }, {}, async ({ page }) => {
        expect(await bottomOf(page, "#latency-ranges-broadcast svg.marks")).toBeLessThan(720);
        expect(await page.locator(".notices li").count()).toBeLessThanOrEqual(4);
      });
    }
  });

  it("has the whole hero table of two scenarios", async () => {
    const scenarios = ["broadcast", "topics"].map((name) => fixtureScenario({ name, thresholds: THRESHOLDS }));
    await withPage({ trials: 3, scenarios, alter: spoilt }, {}, async ({ page }) => {
      expect(await bottomOf(page, ".hero")).toBeLessThan(720);
    });
  });
});

it("explains no factor and names no best with a single valid cell", async () => {
  const alter: FixtureOptions["alter"] = (m) => (m.trial.server === "sse-node" ? m : invalid(m));
  await withPage({ alter }, {}, async ({ page }) => {
    expect(await page.locator(".hero .best").count()).toBe(0);
    expect(await page.locator("#verdict .note").first().innerText()).not.toContain("×");
  });
  await withPage({}, {}, async ({ page }) => {
    expect(await page.locator(".hero .best").count()).toBeGreaterThan(0);
    expect(await page.locator("#verdict .note").first().innerText()).toContain("×");
  });
});

it.each([400, 1280])("fits %d px without sideways scrolling, and breaks no server's name", async (width) => {
  const scenarios = [fixtureScenario({ thresholds: THRESHOLDS })];
  await withPage({ trials: 3, scenarios, alter: invalid }, { width }, async ({ page }) => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    for (const place of [".hero tbody tr:last-child th", "#trust .text td:nth-child(2)", "#verdict details td:nth-child(2)"]) {
      const box = (await page.locator(place).last().boundingBox())!;
      const lines = await page
        .locator(place)
        .last()
        .evaluate((cell) => {
          const range = cell.ownerDocument.createRange();
          range.selectNodeContents([...cell.childNodes].find((node) => node.nodeType === 3)!);
          return range.getClientRects().length;
        });
      expect([place, lines]).toEqual([place, 1]);
      expect(box.height).toBeGreaterThan(0);
    }
  });
});

it("names the parameters of a workload with their units, words to the left", async () => {
  const scenarios = [fixtureScenario({ parameters: { fanout: 7 } })];
  await withPage({ scenarios }, {}, async ({ page }) => {
    const table = page.locator("#method [aria-label=workloads]");
    const names = await table.locator("thead th").allInnerTexts();
    expect(names).toEqual(expect.arrayContaining(["fanout", "rate, messages/s", "payload, B", "warm-up, s", "duration, s", "TLS"]));
    expect(names.join()).not.toMatch(/[a-z](Bytes|Ms)\b/);
    const values = await table.locator("tbody td").allInnerTexts();
    expect(values[names.indexOf("warm-up, s") - 1]).toBe("2");
    expect(values[names.indexOf("TLS") - 1]).toBe("no");
    const pattern = table.locator("tbody td").nth(names.indexOf("pattern") - 1);
    expect(await pattern.evaluate((cell) => cell.ownerDocument.defaultView!.getComputedStyle(cell).textAlign)).toBe("left");
  });
});

it("draws the details of three scenarios out of many, and says of which not", async () => {
  const scenarios = Array.from({ length: 6 }, (_, at) => fixtureScenario({ name: `s${at + 1}`, durationMs: 4_000 }));
  await withPage({ scenarios, servers: QUICK_SERVERS.slice(1, 2) }, {}, async ({ page }) => {
    expect(await page.locator("#latency figure").count()).toBe(6);
    for (const section of ["distribution", "heatmap"]) expect(await page.locator(`#${section} figure`).count(), section).toBe(3);
    const note = page.locator("#heatmap details").first();
    expect(await note.locator("summary").innerText()).toContain("3 scenarios without this here; pushbench report --charts svg DIRECTORY");
    expect(await note.locator("p").textContent()).toMatch(/Not drawn: s\d; s\d; s\d\.$/);
  });
  await withPage({}, {}, async ({ page }) => expect(await page.locator("body").innerText()).not.toContain("without this here"));
}, 30_000);

describe("the page of a capacity search", () => {
  it("begins with the brackets and latency against load, on the first screen, and ranks no server at any level", async () => {
    await withReport(fixtureCapacity(), {}, async ({ page, messages, requests }) => {
      expect([messages, requests]).toEqual([[], []]);
      expect((await page.locator("section").evaluateAll((all) => all.map(({ id }) => id)))[0]).toBe("capacity");
      expect(await page.locator(".answer").allInnerTexts()).toEqual([
        "websocket-ws: between 200 and 400 connections: delivery_latency_ms.p99 was 134 ms where < 100 was asked.",
        expect.stringMatching(/^sse-node: at least 100 connections; limited by the generator: /),
        expect.stringMatching(/^polling-node: less than 100 connections: the server ended; /),
      ]);
      expect(await page.locator("#capacity tbody tr").first().innerText()).toMatch(/websocket-ws\s+200\s+400\s+bracket\s+yes\s+6/);
      const chart = (await page.locator("#capacity-latency svg.marks").boundingBox())!;
      expect(chart.y + chart.height).toBeLessThan(720);
      expect(await page.locator("#capacity-latency tbody tr").count()).toBe(12);
      expect(await page.locator("#method").innerText()).toContain("12 saved of 12 planned, one level after another");
      expect((await page.evaluate(CONTRASTS)).filter(({ ratio }) => ratio < 2.9)).toEqual([]);
    });
  }, 30_000);

  it("of more than three servers tells in its table, with what ended each search", async () => {
    const { run, summary } = fixtureCapacity();
    const servers = [...run.capacity.servers, { ...run.capacity.servers[1]!, server: "sse-uws" }];
    await withReport({ run: { ...run, capacity: { ...run.capacity, servers } }, summary }, {}, async ({ page }) => {
      expect(await page.locator(".answer").allInnerTexts()).toEqual(["How much 4 servers carry: 1 bracket."]);
      expect(await page.locator("#capacity [aria-label=brackets] tbody td.word").allInnerTexts()).toEqual([
        "delivery_latency_ms.p99 was 134 ms where < 100 was asked",
        expect.stringMatching(/busy, more than 80 %; limited by the generator$/),
        "the server ended; the search was stopped",
        expect.stringMatching(/limited by the generator$/),
      ]);
    });
  });

  it.each([400, 1280])("fits %d px without sideways scrolling", async (width) => {
    await withReport(fixtureCapacity(), { width, colorScheme: "dark" }, async ({ page }) => {
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    });
  });
});

describe("the page of a run that is compared with another", () => {
  const compared = (changed: FixtureOptions = {}, shared: FixtureOptions = {}): Report => {
    const { head, comparison } = fixtureComparison({ shared, head: changed });
    return { ...head, comparison };
  };
  const alter: FixtureOptions["alter"] = (m) =>
    only(
      "sse-node",
      scaled({ server_cpu_us_per_delivery: 1.5 }),
    )(only("websocket-ws", having({ messages_lost: 40 }))(only("polling-node", scaled({ "delivery_latency_ms.p50": 0.4 }))(m)));

  it.each(["light", "dark"] as const)(
    "says what changed below its verdict, draws it and has a table of it, in %s colours",
    async (colorScheme) => {
      await withReport(compared({ alter }), { colorScheme }, async ({ page, requests, messages }) => {
        expect([requests, messages]).toEqual([[], []]);
        expect((await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).slice(0, 3)).toEqual([
          "verdict",
          "compare",
          "advice",
        ]);
        expect(await page.locator("#compare .answer").innerText()).toMatch(
          /^2 worse, 1 better, .*Worse: websocket-ws messages_lost from 0 to 240; sse-node server_cpu_us_per_delivery \+\d+ % .*Better: polling-node delivery_latency_ms\.p50 −/,
        );
        expect(await page.locator("#compare .notices").innerText()).toContain("the machine's drift");
        expect(await page.locator("#compare figure").evaluateAll((all) => all.map(({ id }) => id))).toEqual(["forest-broadcast"]);
        const box = (await page.locator("#forest-broadcast svg.marks").boundingBox())!;
        expect(box.width).toBeGreaterThan(900);
        expect(box.width).toBeLessThanOrEqual(1224);
        const rows = await page.locator("#compare .changes tbody tr").allInnerTexts();
        expect(rows.filter((row) => row.includes("worse")).map((row) => row.split("\t")[0])).toEqual(["sse-node", "websocket-ws"]);
        expect(await page.locator("#compare .changes .worse svg").count()).toBe(2);
        expect((await page.evaluate(CONTRASTS)).filter(({ ratio }) => ratio < 2.9)).toEqual([]);
      });
    },
  );

  it.each([400, 1280])(
    "fits %d px without sideways scrolling, with thirteen servers and two scenarios",
    async (width) => {
      const scenarios = ["broadcast", "topics"].map((name) => fixtureScenario({ name }));
      await withReport(compared({}, { servers: ALL_SERVERS, scenarios, trials: 2 }), { width }, async ({ page, messages }) => {
        expect(messages).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        expect(await page.locator("#compare figure").count()).toBe(2);
      });
    },
    30_000,
  );

  it("shows a hostile name as text", async () => {
    const servers = [{ name: HOSTILE_NAME, transport: HOSTILE_NAME, latencyMs: 2 }];
    const scenarios = [fixtureScenario({ name: HOSTILE_NAME })];
    const report = compared({ alter: having({ messages_lost: 40 }) }, { servers, scenarios, trials: 2 });
    const comparison = { ...report.comparison!, base: { ...report.comparison!.base, directory: HOSTILE_NAME } };
    await withReport({ ...report, comparison }, {}, async ({ page, messages }) => {
      expect(messages).toEqual([]);
      expect(await page.locator("img, [onerror]").count()).toBe(0);
      const shown = String.raw`<img src=x onerror=alert(1)>\x1b[31m|\u202e"`;
      expect(await page.locator("#compare .answer").innerText()).toContain(`${shown} messages_lost from 0 to 80`);
      expect(await page.locator("#compare .note").first().innerText()).toContain(`Compared with ${shown}`);
      expect(await page.locator("#compare svg.marks").first().innerHTML()).toContain("&lt;img");
    });
  });

  it("has no section of it without a comparison", async () => {
    await withPage({}, {}, async ({ page }) => expect(await page.locator("#compare").count()).toBe(0));
  });
});

describe("the section of what textbooks say", () => {
  const experiments = [
    {
      name: "websocket-frames",
      startedAt: "",
      durationMs: 1,
      figures: { down_100: 2, down_1000: 4, down_70000: 10, up_100: 6, up_1000: 8, up_70000: 14 },
    },
    { name: "round-trips", startedAt: "", durationMs: 1, figures: { sse: 1, websocket: 1, websocket_answer: 2 } },
    { name: "browser-streams", startedAt: "", durationMs: 1, figures: {}, failure: HOSTILE_NAME },
  ] as const;

  it.each([400, 1280])("at %d px has each claim beside its figures and whether it holds, hostile reasons as text", async (width) => {
    const { run, summary } = fixtureReport({});
    const textbook = judgeTextbook(summary.cells, experiments);
    await withReport({ run, summary: { ...summary, textbook } }, { width }, async ({ page, requests, messages }) => {
      expect([requests, messages]).toEqual([[], []]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const rows = page.locator("#textbook tbody tr");
      expect(await rows.count()).toBe(textbook.length);
      const row = (claim: string) => rows.filter({ hasText: claim });
      expect(await row("2 to 14 bytes").innerText()).toMatch(/2, 4, 10 B on .* 6, 8, 14 B from the client\s+holds$/);
      expect(await row("one round trip more").innerText()).toMatch(/does not hold$/);
      expect(await row("six event streams").innerText()).toContain("<img src=x onerror=alert(1)>");
      expect(await row("six event streams").innerText()).toMatch(/not known$/);
    });
  });

  it("is in no report whose suite did not ask", async () => {
    await withPage({}, {}, async ({ page }) => expect(await page.locator("#textbook").count()).toBe(0));
  });
});

it("is readable with JavaScript off", async () => {
  await withPage({}, { javaScriptEnabled: false }, async ({ page }) => {
    await expect.soft(page.locator("section").count()).resolves.toBe(SECTIONS.length);
    expect(await page.locator(".hero tbody tr").count()).toBe(3);
    expect((await page.locator("svg.marks").first().boundingBox())?.height).toBeGreaterThan(60);
  });
});

it("is readable without its style sheet, drawings included", async () => {
  await withPage({}, {}, async ({ page }) => {
    await page.locator("style").evaluate((style) => style.remove());
    expect(await page.locator(".hero").innerText()).toContain("websocket-ws");
    const axis = page.locator("svg.marks text").first();
    expect(await axis.evaluate((e) => e.ownerDocument.defaultView!.getComputedStyle(e).fill)).toMatch(/^rgb/);
    expect(
      await page
        .locator("svg.marks [stroke]")
        .first()
        .evaluate((line) => line.getAttribute("stroke")),
    ).toContain(",#");
  });
});

it("has scripts and styles by their hashes alone, and a policy that allows no other", async () => {
  await withPage({ trials: 2 }, {}, async ({ page }) => {
    expect(await page.locator("[style], [onclick], iframe, object, link[rel=stylesheet], img, script[src]").count()).toBe(0);
    const policy = await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content");
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src 'sha256-[^']+'; img-src data: blob:; base-uri 'none'; form-action 'none'$/,
    );
    // What a script or an attribute would add is refused, whatever it is.
    const added = `(() => { const script = document.createElement("script"); script.textContent = "window.ran = true"; document.head.append(script); return window.ran === undefined; })()`;
    expect(await page.evaluate(added)).toBe(true);
  });
});

it("shows a hostile name as text, everywhere it stands", async () => {
  const servers = [...QUICK_SERVERS.slice(0, 2), { name: HOSTILE_NAME, transport: HOSTILE_NAME, latencyMs: 2 }];
  const scenarios = [fixtureScenario({ name: HOSTILE_NAME, parameters: { [HOSTILE_NAME]: HOSTILE_NAME }, thresholds: THRESHOLDS })];
  const alter: FixtureOptions["alter"] = (m) => invalid(m);
  await withPage({ servers, scenarios, alter }, {}, async ({ page, requests, messages }) => {
    expect([requests, messages]).toEqual([[], []]);
    expect(await page.locator("img, [onerror]").count()).toBe(0);
    const shown = String.raw`<img src=x onerror=alert(1)>\x1b[31m|\u202e"`;
    expect(await page.locator(".hero").innerText()).toContain(shown);
    expect(await page.locator("svg.marks").first().innerHTML()).toContain("&lt;img");
    expect(printableDocument(await page.content())).toBe(await page.content());
  });
});

it("says at the top that a run is not whole, what failed and what did not run", async () => {
  const alter = only("sse-node", (m) => failed(m));
  await withPage({ status: "partial", alter }, {}, async ({ page }) => {
    const notices = await page.locator(".notices").innerText();
    expect(notices).toContain("This run is partial");
    expect(notices).toContain("1 trial failed: server exited with signal SIGKILL");
    expect(await page.locator(".note").first().innerText()).toContain("One trial: values without intervals");
  });
});

it("leaves out every section that has no data", async () => {
  await withPage({ status: "failed", alter: (m) => failed(m) }, {}, async ({ page, messages }) => {
    expect(await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).toEqual(["verdict", "trust", "method"]);
    expect(await page.locator(".answer").innerText()).toContain("No valid cell");
    expect(messages).toEqual([]);
  });
  await withPage({ status: "partial", servers: [] }, {}, async ({ page }) => {
    expect(await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).toEqual(["verdict", "method"]);
    expect(await page.locator("body").innerText()).toContain("there is nothing to compare");
  });
});

it("has a chart of what batches cost, where a suite varied them: names stand clear of each other", async () => {
  const scenarios = [0, 10, 100, 500].map((batchMs) =>
    fixtureScenario({ name: `broadcast,batch=${batchMs}`, batchMs, parameters: { batch: batchMs } }),
  );
  const alter: FixtureOptions["alter"] = (m) => ({
    ...m,
    metrics: { ...m.metrics, server_cpu_us_per_delivery: 4 + 40 / (1 + m.scenario.batchMs) + m.trial.server.length / 9 },
  });
  await withPage({ servers: ALL_SERVERS, scenarios, alter }, {}, async ({ page, messages }) => {
    expect(messages).toEqual([]);
    const figures = await page.locator("#cost figure").evaluateAll((all) => all.map(({ id }) => id));
    expect(figures.filter((id) => id.startsWith("batch"))).toEqual(["batch-frontier-broadcast"]);
    for (const { name } of ALL_SERVERS) expect(await page.locator("#cost svg text", { hasText: name }).count(), name).toBeGreaterThan(0);
    expect((await page.evaluate(OVERLAPS)).flat()).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1280);
  });
}, 30_000);

it("bears thirteen servers and two scenarios: labels stand clear of each other, nothing runs over the edge", async () => {
  const scenarios = ["broadcast", "topics"].map((name) => fixtureScenario({ name, thresholds: THRESHOLDS }));
  await withPage({ servers: ALL_SERVERS, scenarios }, {}, async ({ page, messages }) => {
    expect(messages).toEqual([]);
    expect(await page.locator(".hero tbody").count()).toBe(2);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1280);
    const charts = await page.evaluate(OVERLAPS);
    // Fourteen a scenario, and one of both.
    expect(charts).toHaveLength(29);
    expect(charts.flat()).toEqual([]);
  });
}, 30_000);

/** Pairs of server labels in one drawing that cover each other, and labels outside of it. */
const OVERLAPS = `[...document.querySelectorAll("svg.marks")].map((svg) => {
  const frame = svg.getBoundingClientRect();
  const labels = [...svg.querySelectorAll(".role-mark text")].filter((e) => /-(node|uws|ws)/.test(e.textContent) && e.closest("[stroke]") === null).map((e) => [e.textContent, e.getBoundingClientRect()]);
  const faults = labels.filter(([, box]) => box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1).map(([text]) => "outside: " + text);
  for (const [n, [text, a]] of labels.entries()) for (const [other, b] of labels.slice(n + 1)) {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && down > 4) faults.push(text + " covers " + other);
  }
  return faults;
})` as unknown as () => string[][];

describe("the page of a climb", () => {
  const withClimb = (climb: ClimbOptions, open: OpenOptions, look: Look) => withReport(climbReport(climb), open, look);

  it.each(["light", "dark"] as const)("answers where each server breaks, in %s colours", async (colorScheme) => {
    await withClimb({}, { colorScheme }, async ({ page, requests, messages }) => {
      expect([requests, messages]).toEqual([[], []]);
      expect(await page.locator(".answer").first().innerText()).toContain("websocket-uws held 5,000 connections without a loss");
      expect(await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).toContain("scale");
      expect(await page.locator("#scale figure").evaluateAll((all) => all.map(({ id }) => id))).toEqual(
        CLIMB_CHART_NAMES.map((name) => `${name}-broadcast`),
      );
      for (const svg of await page.locator("#scale svg.marks").all()) {
        const box = (await svg.boundingBox())!;
        expect(box.width).toBeGreaterThan(600);
        expect(box.height).toBeGreaterThan(60);
      }
      expect((await page.evaluate(CONTRASTS)).filter(({ ratio }) => ratio < 2.9)).toEqual([]);
    });
  });

  it("has a row for each server and level, and under a server what stopped it", async () => {
    const alter: ClimbOptions["alter"] = (m) => {
      const source = m.scenario.subscribers === 500 ? "population" : "probes";
      const known = { ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": 7 }, deliveryLatencySource: { p99: source } } as const;
      return m.trial.server === "sse-node" && m.scenario.subscribers === 2_000 ? invalid(known) : known;
    };
    await withClimb({ alter }, {}, async ({ page }) => {
      const table = page.locator("#scale .hero");
      expect(await table.locator("tbody").count()).toBe(2);
      expect(await table.locator("tbody").first().locator("tr > :first-child").allInnerTexts()).toEqual([
        "sse-node",
        "500",
        "2,000 invalid",
        `stopped before 5,000: ${BROKE}`,
      ]);
      const header = await table.locator("thead th").allInnerTexts();
      expect(header).toEqual([
        "connections",
        "held",
        "lost",
        "connect rate\n1/s",
        "connect p99\nms",
        "p99\nms",
        "deliveries\n1/s",
        "messages lost",
        "CPU\ncores",
        "idle CPU / connection\nµs/s",
        "memory / connection\nKiB",
        "of the kernel\nKiB",
        "of the generator\nKiB",
        "descriptors",
      ]);
      const p99 = (row: number) =>
        table
          .locator("tbody")
          .first()
          .locator("tr")
          .nth(row)
          .locator("td")
          .nth(header.indexOf("p99\nms") - 1);
      expect(await p99(1).innerText()).toBe("7\nof all");
      expect(await p99(2).innerText()).toBe("7");
    });
  });

  it.each([400, 1280])(
    "fits %d px without sideways scrolling, with thirteen servers, and no label covers another",
    async (width) => {
      const stopped = Object.fromEntries(ALL_SERVERS.slice(0, 6).map(({ name }) => [name, [5_000, BROKE] as const]));
      await withClimb({ servers: ALL_SERVERS, stopped }, { width }, async ({ page, messages }) => {
        expect(messages).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        if (width === 1280) expect((await page.evaluate(OVERLAPS)).flat()).toEqual([]);
      });
    },
    30_000,
  );

  it("shows a hostile name as text", async () => {
    const servers = [{ name: HOSTILE_NAME, transport: HOSTILE_NAME, latencyMs: 1 }];
    await withClimb({ name: HOSTILE_NAME, servers, stopped: { [HOSTILE_NAME]: [5_000, HOSTILE_NAME] } }, {}, async ({ page, messages }) => {
      expect(messages).toEqual([]);
      expect(await page.locator("img, [onerror]").count()).toBe(0);
      const shown = String.raw`<img src=x onerror=alert(1)>\x1b[31m|\u202e"`;
      expect(await page.locator("#scale .stop").innerText()).toBe(`stopped before 5,000: ${shown}`);
      expect(await page.locator("#scale svg.marks").first().innerHTML()).toContain("&lt;img");
    });
  });

  it("has no section of it where subscribers were not varied", async () => {
    await withPage({}, {}, async ({ page }) => expect(await page.locator("#scale").count()).toBe(0));
  });
});

describe("the page of a run with a history", () => {
  const stepped = (server: string) => ({ count: 24, cpu: (i: number) => (server === "sse-node" && i >= 14 ? 1.2 : 1) });

  it.each(["light", "dark"] as const)(
    "says what changed at which commit, in %s colours",
    async (colorScheme) => {
      await withReport(historyReport(stepped, { trials: 2 }), { colorScheme }, async ({ page, requests, messages }) => {
        expect([requests, messages]).toEqual([[], []]);
        expect(await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).toEqual(
          SECTIONS.flatMap((id) => (id === "data" ? ["trend", id] : id)),
        );
        expect(await page.locator("#trend [aria-label=changes] tbody tr").allInnerTexts()).toEqual([
          expect.stringMatching(
            /^sse-node\s+broadcast\s+CPU a delivery\s+worse\s+\+\d+\.\d % \(\+\d+\.\d to \+\d+\.\d\)\s+0000014 → 0000015\s+2026-01-15 00:00$/,
          ),
        ]);
        const charts = await page.locator("#trend figure").evaluateAll((all) => all.map(({ id }) => id));
        expect(charts).toHaveLength(5);
        const box = (await page.locator(`#${charts[0]} svg.marks`).boundingBox())!;
        expect([box.width > 600, box.height > 100]).toEqual([true, true]);
        expect(await page.locator(`#${charts[0]} figcaption`).innerText()).toMatch(
          /^sse-node's CPU a delivery rose \d+\.\d % at 0000015; no change with /,
        );
        expect(await page.locator(`#${charts[0]} tbody tr`).count()).toBe(72);
        expect((await page.evaluate(CONTRASTS)).filter(({ ratio }) => ratio < 2.9)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1280);
      });
    },
    30_000,
  );

  it("fits 400 px, shows a hostile name as text, and tells when it is too early for a change", async () => {
    const servers = [{ name: HOSTILE_NAME, transport: "sse", latencyMs: 2 }];
    await withReport(historyReport({ count: 4 }, { servers }), { width: 400 }, async ({ page, messages }) => {
      expect(messages).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
      expect(await page.locator("img, [onerror]").count()).toBe(0);
      expect(await page.locator("#trend .note").innerText()).toContain("It takes 6 valid points to tell a change.");
    });
  }, 30_000);
});
