import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack, unpack } from "./packed.ts";

const AXIS = { title: "delivery latency, ms", grid: true, ticks: [1, 10, 100] };

describe("packed documents", () => {
  it("come out as they went in, whatever they are", () => {
    const json = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value, roundTo4)) as unknown);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (documents) => {
        const packed = JSON.parse(JSON.stringify(pack(documents)));
        for (const [name, document] of Object.entries(documents)) expect(unpack(packed, name)).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });

  it("bear keys that look like their own marks", () => {
    const documents = { a: { $: 3, other: [{ $: "rows" }, { $: "rows" }, { $: "object", k: ["x"], c: [1] }] } };
    expect(unpack(pack(documents), "a")).toEqual(documents.a);
  });

  it("hold what is equal once, and rows as columns", () => {
    const rows = (shift: number) => Array.from({ length: 9 }, (_, x) => ({ server: "sse-node", x, y: x * shift }));
    const documents = { a: { axis: AXIS, rows: rows(1.5) }, b: { axis: AXIS, rows: rows(2.5) } };
    const packed = pack(documents);
    const text = JSON.stringify(packed);
    expect(text.split("delivery latency, ms")).toHaveLength(2);
    expect(text.split("sse-node").length - 1).toBe(9);
    expect(text.split(JSON.stringify([0, 1, 2, 3, 4, 5, 6, 7, 8]))).toHaveLength(2);
    expect(unpack(packed, "b")).toEqual(documents.b);
  });

  it("share nothing once unpacked: what changes one part changes no other", () => {
    const packed = pack({ a: { x: AXIS, y: AXIS } });
    const { x, y } = unpack(packed, "a") as { readonly x: { title: string }; readonly y: { title: string } };
    x.title = "changed";
    expect(y.title).toBe(AXIS.title);
  });

  it("keep six digits of a number, and all of an integer", () => {
    expect(unpack(pack({ a: [0.1 + 0.2, 1_767_323_045_000, 1234.56789, 12_345_678.5] }), "a")).toEqual([
      0.3, 1_767_323_045_000, 1234.57, 12_345_678.5,
    ]);
  });

  it("are undefined under a name that is not theirs, inherited ones too", () => {
    expect(unpack(pack({}), "toString")).toBeUndefined();
  });
});

function roundTo4(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) + 0 : value === 0 ? 0 : value;
}
