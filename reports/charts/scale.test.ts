import { describe, expect, it } from "vitest";
import { flagRows, legibleLabels, linearScale, logScale, spacedLabels, toPixels } from "./scale.ts";

describe("linearScale", () => {
  it.each([
    [[], [0, 1]],
    [[0], [0, 1]],
    [[7], [0, 8]],
    [[0.031], [0, 0.04]],
    [[2_000], [0, 3_000]],
  ])("of %j is %j: from 0 to a round number that clears the largest", (values, domain) => {
    expect(linearScale(values).domain).toEqual(domain);
  });
});

describe("logScale", () => {
  it.each([
    ["half a decade", [2, 6], [2, 5]],
    ["two decades", [2, 300], [3, 10, 30, 100, 300]],
    ["four decades", [0.3, 3_000], [1, 10, 100, 1_000]],
  ])("has ticks inside %s", (_, values, ticks) => {
    expect(logScale(values).ticks).toEqual(ticks);
  });

  it("leaves the headroom that is asked for above the largest value", () => {
    const { domain } = logScale([2, 400], 0.12);
    expect(Math.log(domain[1] / 400) / Math.log(domain[1] / domain[0])).toBeCloseTo(0.12, 6);
    expect(logScale([2, 2.1], 0.12).domain[1]).toBeCloseTo(2.1 * 1.3, 6);
  });

  it("takes no zero and no negative value, and stands without any value", () => {
    for (const values of [[], [0], [-1, 0, 5]]) {
      const [low, high] = logScale(values).domain;
      expect(low).toBeGreaterThan(0);
      expect(high).toBeGreaterThan(low);
    }
  });
});

describe("toPixels", () => {
  it.each([
    ["linear", [0, 10], 2.5, 25],
    ["log", [1, 100], 10, 50],
  ] as const)("of a %s scale from %j puts %d at %d of 100", (type, domain, value, px) => {
    expect(toPixels(value, { type, domain, ticks: [] }, 100)).toBeCloseTo(px, 9);
  });
});

describe("flagRows", () => {
  it("puts flags that stand clear in one row", () => {
    expect(
      flagRows([
        { at: 100, length: 50 },
        { at: 0, length: 100 },
        { at: 150, length: 50 },
      ]),
    ).toEqual([0, 0, 0]);
  });

  it("raises a flag above all whose staffs it reaches over, so that no staff crosses a label", () => {
    const flags = [10, 10, 40, 60, 200].map((at) => ({ at, length: 100 }));
    expect(flagRows(flags)).toEqual([2, 3, 1, 0, 0]);
  });
});

describe("legibleLabels", () => {
  it("leaves out what covers one before it", () => {
    const label = (left: number, middle: number) => ({ left, middle, width: 20, height: 10 });
    const labels = [label(0, 0), label(10, 5), label(20, 0), label(5, 10), label(10, 9)];
    expect(legibleLabels(labels, (box) => box)).toEqual([labels[0], labels[2], labels[3]]);
  });
});

describe("spacedLabels", () => {
  const scale = { type: "linear", domain: [0, 100], ticks: [] } as const;

  it("leaves labels that stand clear where they are", () => {
    expect(spacedLabels([10, 50, 90], scale, 100).map(Math.round)).toEqual([10, 50, 90]);
  });

  it("spreads equal values evenly around their place", () => {
    expect(spacedLabels([50, 50, 50], scale, 100, 10).map(Math.round)).toEqual([40, 50, 60]);
  });

  it.each([["linear"], ["log"]] as const)("keeps all labels apart and in order on a %s scale", (type) => {
    const values = [12, 11, 50, 13, 51, 90, 49];
    const domain = type === "log" ? ([1, 100] as const) : ([0, 100] as const);
    const places = spacedLabels(values, { type, domain, ticks: [] }, 300, 13);
    const px = (value: number) => (type === "log" ? 150 * Math.log10(value) : 3 * value);
    const sorted = places.map((place, at) => ({ px: px(place), value: values[at]! })).toSorted((a, b) => a.px - b.px);
    expect(sorted.map(({ value }) => value)).toEqual(values.toSorted((a, b) => a - b));
    for (let n = 1; n < sorted.length; n++) expect(sorted[n]!.px - sorted[n - 1]!.px).toBeGreaterThan(12.99);
  });
});
