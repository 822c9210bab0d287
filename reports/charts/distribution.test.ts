import { describe, expect, it } from "vitest";
import { encodeHistogram } from "../../load/hdr.ts";
import { createHistogram } from "../../load/histogram.ts";
import type { Measurement } from "../../load/measurement.ts";
import { ALL_SERVERS, fixtureReport, only } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { scenarioData } from "./chart.ts";
import { distribution, distributionsOf } from "./distribution.ts";

function data(options: FixtureOptions = {}) {
  const { run, summary } = fixtureReport(options);
  return scenarioData(run, summary)[0]!;
}

/** Latencies in ms, so many times each, as the probes had them. */
function having(...latencies: readonly (readonly [ms: number, times: number])[]): (m: Measurement) => Measurement {
  const histogram = createHistogram();
  for (const [ms, times] of latencies) histogram.record(ms * 1e6, times);
  return (m) => ({ ...m, histograms: { ...m.histograms, delivery: encodeHistogram(histogram) } });
}

describe("the distribution", () => {
  it("names who has two modes, where they are and how much is in each", () => {
    const { caption } = distribution.draw(data({ alter: only("sse-node", having([2, 3_000], [480, 1_000])) }))!;
    expect(caption).toMatch(
      /^Of 3 servers 1 has more than one mode: sse-node at (1\.9|2|2\.1) ms \(75 %\) and (4[4-9]0|5[012]0) ms \(25 %\)\.$/,
    );
  });

  it("says that nobody has a second mode, and of whom it cannot be told", () => {
    expect(distribution.draw(data())!.caption).toBe("No server has a second mode.");
    const { caption } = distribution.draw(data({ alter: only("sse-node", having([2, 100])) }))!;
    expect(caption).toBe("No server has a second mode. 1 server had too few deliveries to tell.");
  });

  it("counts every delivery of every trial once, in at most sixty bins that all servers share", () => {
    const { edges, servers } = distributionsOf(data({ servers: ALL_SERVERS, trials: 2 }))!;
    expect(edges.length - 1).toBeLessThanOrEqual(60);
    expect(servers).toHaveLength(13);
    for (const { counts, total } of servers) {
      expect(counts).toHaveLength(edges.length - 1);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
      expect(total).toBe(6_400);
    }
  });

  it("has no bin narrower than the stored histograms can tell, down to a single latency", () => {
    const { edges, servers } = distributionsOf(data({ alter: having([5, 2_000], [5.2, 2_000]) }))!;
    for (const [at, edge] of edges.slice(1).entries()) expect(edge / edges[at]!).toBeGreaterThan(1.01);
    expect(servers[0]!.counts.reduce((sum, count) => sum + count, 0)).toBe(4_000);
    expect(distributionsOf(data({ alter: having([5, 2_000]) }))!.edges).toHaveLength(2);
  });

  it("is absent without a delivery", () => {
    expect(distribution.draw(data({ alter: (m) => ({ ...m, histograms: {} }) }))).toBeUndefined();
  });
});
