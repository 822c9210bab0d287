import { expect, test } from "vitest";
import type { Measurement } from "../../load/measurement.ts";
import type { PlannedTrial } from "../../load/run.ts";
import { startBrowser } from "../../load/headless-browser.ts";
import { advance, startProgress } from "../progress/state.ts";
import { serveLive } from "./server.ts";

const HOSTILE = `<img src=x onerror=alert(1)>"`;
const trial: PlannedTrial = { ...{ index: 1, server: HOSTILE, transport: "sse", scenario: "broadcast", repetition: 1, expectedMs: 1000 } };
const measurement = {
  status: "complete",
  validity: { valid: true, reasons: [] },
  metrics: { delivery_rate: 4999.6, "delivery_latency_ms.p99": 1.234, messages_lost: 0 },
} as unknown as Measurement;

test("a browser follows a run to its end, asks nobody else, and takes names for text", { timeout: 60_000 }, async () => {
  const { browser, close } = await startBrowser();
  let state = startProgress(Date.now());
  const server = await serveLive(0, () => state);
  try {
    const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const at = Date.now();
    state = advance(state, { kind: "planned", trials: [trial], kept: [], unavailable: [], changes: [], outlook: { misfits: [] } }, at);
    state = advance(state, { kind: "trial-started", trial }, at);
    state = advance(state, { kind: "second", trial, connected: 100, delivered: 5000, p99Ms: 1.5, generatorElu: 0.12 }, at);
    await page.goto(server.url);
    const text = (id: string) => page.locator(`#${id}`);
    await text("trial").filter({ hasText: "5,000 deliveries/s, p99 1.5 ms, generator 12 %" }).waitFor();
    expect(await text("state").textContent()).toBe("running");
    expect(await text("trial").textContent()).toContain(HOSTILE);

    state = advance(state, { kind: "trial-ended", trial, measurement }, at + 1000);
    await page.locator("#rows tr").waitFor();
    expect(await page.locator("#rows td").allTextContents()).toEqual([
      "✓ done",
      "1",
      HOSTILE,
      "sse",
      "broadcast",
      "1",
      "5,000",
      "1.23",
      "0",
      "0:01",
      "",
    ]);
    await server.finish({ status: "complete", report: "results/x/report.html", next: "pushbench report results/x" });
    await text("report").filter({ hasText: "results/x/report.html" }).waitFor();
    expect(await text("state").textContent()).toBe("complete");
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect([...new Set(requests)].sort()).toEqual([server.url, `${server.url}events`]);
    expect(complaints).toEqual([]);
  } finally {
    server.close();
    await close();
  }
});
