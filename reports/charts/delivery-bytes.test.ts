import { describe, expect, it } from "vitest";
import { fixtureReport, fixtureScenario, invalid } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { scenarioData } from "./chart.ts";
import { bytesRows, deliveryBytes } from "./delivery-bytes.ts";
import { renderSvg } from "./render.ts";

function data(options: FixtureOptions = {}) {
  const { run, summary } = fixtureReport(options);
  return scenarioData(run, summary)[0]!;
}

describe("bytes for a delivery", () => {
  it("are payload, what is around it and what goes up, the leanest first", () => {
    expect(bytesRows(data()).map(({ look, payload, around, up, total }) => [look.server, payload, around, up, total])).toEqual([
      ["websocket-ws", 128, 4, 0.4, 132.4],
      ["sse-node", 128, 42, 0.4, 170.4],
      ["polling-node", 128, 260, 90, 478],
    ]);
    expect(deliveryBytes.draw(data())!.caption).toBe(
      "websocket-ws needs the least for a delivery, 132 B: 4 B around a payload of 128, 0.4 up; polling-node the most, 478 B, 3.6 times as much.",
    );
  });

  it("count of a payload that came compressed what came of it", () => {
    const [row] = bytesRows(
      data({ scenarios: [fixtureScenario({ payloadBytes: 128 })], alter: (m) => ({ ...m, metrics: { bytes_down_per_delivery: 40 } }) }),
    );
    expect(row).toMatchObject({ payload: 40, around: 0, total: 40 });
    expect(row).not.toHaveProperty("up");
  });

  it("are drawn stacked: each part begins where the one before ends", async () => {
    const svg = await renderSvg(deliveryBytes.draw(data())!.spec);
    expect(svg.split('class="mark-rect').slice(1)).toHaveLength(3);
    expect(svg.match(/<path/g)!.length).toBeGreaterThanOrEqual(9);
  });

  it("compare valid cells only, and are absent where nobody counted", () => {
    const spoilt: FixtureOptions["alter"] = (m) => (m.trial.server === "websocket-ws" ? invalid(m) : m);
    expect(deliveryBytes.draw(data({ alter: spoilt }))!.caption).toMatch(/^sse-node needs the least/);
    expect(deliveryBytes.draw(data({ alter: (m) => ({ ...m, metrics: {} }) }))).toBeUndefined();
  });
});
