import { describe, expect, it } from "vitest";
import type { Second } from "../../load/measurement.ts";
import { fixtureReport, only } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { drawCharts } from "./catalogue.ts";
import { renderSvg } from "./render.ts";
import { INK } from "./style.ts";

const CHARTS = ["delivery-rate", "latency-over-time"];

function broken(changes: Readonly<Record<number, Partial<Second>>>): FixtureOptions["alter"] {
  return only("sse-node", (m) => ({ ...m, seconds: m.seconds.map((second) => ({ ...second, ...changes[second.atSecond] })) }));
}

function drawn(name: string, alter?: FixtureOptions["alter"]) {
  const { run, summary } = fixtureReport(alter === undefined ? {} : { alter });
  return drawCharts(run, summary).find((drawing) => drawing.name === `${name}-broadcast`)!;
}

function lines(svg: string, color: string): number {
  return (svg.match(new RegExp(`<line [^>]*stroke="${color}"`, "g")) ?? []).length;
}

describe.each(CHARTS)("%s", (name) => {
  it("has a red tick for each second with errors and a dark one for each with reconnects, and says whose they are", async () => {
    const { caption, spec } = drawn(
      name,
      broken({ 3: { errors: 4 }, 4: { errors: 1, reconnects: 3 }, 5: { reconnects: 2 }, 9: { reconnects: 1 } }),
    );
    expect(caption).toMatch(
      /Red ticks at the bottom: 5 errors on sse-node, from second 3 on\. Dark ticks above them: 6 reconnects on sse-node, from second 4 on\.$/,
    );
    const [with_, without] = [await renderSvg(spec), await renderSvg(drawn(name).spec)];
    expect(lines(with_, INK.alarm.color) - lines(without, INK.alarm.color)).toBe(2);
    expect(lines(with_, INK.fg.color) - lines(without, INK.fg.color)).toBe(3);
  });

  it("says nothing of them where there were none", () => {
    expect(drawn(name).caption).not.toMatch(/tick/);
  });

  it("draws what was measured before reconnects were told", () => {
    const alter: FixtureOptions["alter"] = (m) => ({
      ...m,
      seconds: m.seconds.map(({ atSecond, published, delivered, errors, population, probes }) => ({
        atSecond,
        published,
        delivered,
        errors,
        population,
        probes,
      })),
    });
    expect(drawn(name, alter).caption).toBe(drawn(name).caption);
  });
});
