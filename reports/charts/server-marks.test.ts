import { expect, it } from "vitest";
import { fixtureReport, HOSTILE_NAME, QUICK_SERVERS } from "../fixture.ts";
import { drawCharts } from "./catalogue.ts";
import { renderSvg } from "./render.ts";

const SERVERS = [...QUICK_SERVERS, { name: HOSTILE_NAME, transport: "sse", latencyMs: 2 }];
const classOf = (server: string): string | undefined => {
  const at = SERVERS.findIndex(({ name }) => name === server);
  return at < 0 ? undefined : `s${at}`;
};

it("gives every server's marks and label its class, and changes nothing else of the drawing", async () => {
  const { run, summary } = fixtureReport({ servers: SERVERS });
  const drawings = drawCharts(run, summary).filter(({ name }) => /^(latency-ranges|percentile-curves|latency-over-time)/.test(name));
  expect(drawings).toHaveLength(3);
  for (const { spec, name } of drawings) {
    const plain = await renderSvg(spec);
    const marked = await renderSvg(spec, undefined, classOf);
    expect(marked.replaceAll(/ class="s\d+"/g, ""), name).toBe(plain);
    for (const at of SERVERS.keys()) expect(marked, `${name}: ${SERVERS[at]!.name}`).toContain(` class="s${at}"`);
  }
  const ranges = await renderSvg(drawings.find(({ name }) => name.startsWith("latency-ranges"))!.spec, undefined, classOf);
  expect(ranges).toMatch(/<text class="s2"[^>]*>websocket-ws<\/text>/);
  expect(ranges.match(/class="s2"/g)!.length).toBeGreaterThan(4);
}, 30_000);
