import { describe, expect, it } from "vitest";
import { ALL_SERVERS, fixtureReport, fixtureScenario, HOSTILE_NAME } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { achievedRate } from "./achieved-rate.ts";
import { drawCharts } from "./catalogue.ts";
import { scenarioData } from "./chart.ts";
import { renderSvg } from "./render.ts";

const scenarios = ["broadcast", "topics"].map((name) => fixtureScenario({ name }));

function drawn(options: FixtureOptions) {
  const { run, summary } = fixtureReport(options);
  return achievedRate.draw(scenarioData(run, summary));
}

/** In one trial of one cell this share was published. */
function late(server: string, scenario: string, share: number): NonNullable<FixtureOptions["alter"]> {
  return (m) =>
    m.trial.server === server && m.scenario.name === scenario && m.trial.repetition === 2
      ? { ...m, metrics: { ...m.metrics, publish_achieved: share } }
      : m;
}

describe("achieved against intended", () => {
  it("is one drawing of all scenarios, with a mark for each cell", async () => {
    const { run, summary } = fixtureReport({ scenarios, servers: ALL_SERVERS });
    const drawings = drawCharts(run, summary).filter(({ name }) => name.startsWith("achieved-rate"));
    expect(drawings.map(({ name, scenario }) => [name, scenario])).toEqual([["achieved-rate-all-scenarios", "all scenarios"]]);
    expect(drawings[0]!.table.rows).toHaveLength(26);
    expect(drawings[0]!.caption).toBe("The schedule was kept in 26 cells: all that was due was published.");
    const svg = await renderSvg(drawings[0]!.spec);
    expect(svg.split('class="mark-symbol')[1]!.split("</g>")[0]!.match(/<path/g)).toHaveLength(26);
  });

  it("goes by the worst trial, and names its cell; 98.999 % is not 99", () => {
    const drawing = drawn({ scenarios, trials: 3, alter: late("sse-node", "topics", 0.98999) });
    expect(drawing!.caption).toBe("In 1 of 6 cells less than 99 % of what was due was published, least under sse-node in topics: 98.99 %.");
    const kept = drawn({ scenarios, trials: 3, alter: late("sse-node", "topics", 0.9951) });
    expect(kept!.caption).toBe(
      "The schedule was kept in 6 cells: at least 99.51 % of what was due was published, least under sse-node in topics.",
    );
    expect(JSON.stringify(drawing!.spec)).toContain("98.99 % ✗ · topics");
  });

  it("is absent where no trial tells, and shows a hostile scenario as text", async () => {
    const silent: FixtureOptions["alter"] = (m) => ({ ...m, metrics: { delivery_rate: 2_000 } });
    expect(drawn({ scenarios, alter: silent })).toBeUndefined();
    const hostile = fixtureScenario({ name: HOSTILE_NAME });
    const drawing = drawn({ scenarios: [...scenarios, hostile], trials: 2, alter: late("sse-node", HOSTILE_NAME, 0.5) });
    expect(await renderSvg(drawing!.spec)).not.toContain("<img");
  });
});
