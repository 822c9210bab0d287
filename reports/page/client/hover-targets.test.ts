import { expect, it } from "vitest";
import { hoverTargets, nearestTarget } from "./hover-targets.ts";
import type { Item } from "./hover-targets.ts";

const point = (x: number, y: number, server: string): Item => ({ x, y, datum: { server, x, y } });

const SCENE: Item = {
  x: 0,
  y: 0,
  items: [
    {
      marktype: "group",
      role: "scope",
      items: [
        {
          x: 100,
          y: 10,
          items: [
            { marktype: "group", role: "axis", items: [{ items: [{ marktype: "rect", role: "mark", items: [point(1, 1, "axis")] }] }] },
            { marktype: "line", role: "mark", items: [point(0, 0, "a"), point(50, 20, "a")] },
            { marktype: "symbol", role: "mark", items: [point(50, 20, "a"), point(50, 24, "b")] },
            { marktype: "rect", role: "mark", items: [{ x: 0, y: 0, width: 200, height: 100, datum: { share: 1 } }] },
            { marktype: "text", role: "mark", items: [point(60, 20, "a")] },
          ],
        },
      ],
    },
  ],
};

const ROOT: Item = { marktype: "group", role: "frame", items: [SCENE] };

it("are the points of all data marks, each once, where they stand in the whole drawing", () => {
  expect(hoverTargets(ROOT).map(({ x, y, datum }) => [x, y, datum["server"] ?? datum["share"]])).toEqual([
    [100, 10, "a"],
    [150, 30, "a"],
    [150, 34, "b"],
    [200, 60, 1],
  ]);
});

it("is the nearest point, else what the pointer is in, else none", () => {
  const targets = hoverTargets(ROOT);
  const datumAt = (x: number, y: number) => targets[nearestTarget(targets, x, y)]?.datum;
  expect(datumAt(149, 29)).toMatchObject({ server: "a" });
  expect(datumAt(152, 36)).toMatchObject({ server: "b" });
  expect(datumAt(290, 100)).toEqual({ share: 1 });
  expect(datumAt(500, 500)).toBeUndefined();
});
