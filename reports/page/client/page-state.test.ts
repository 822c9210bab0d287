import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatHash, INITIAL_STATE, parseHash } from "./page-state.ts";
import type { PageState } from "./page-state.ts";

describe("the hash of the page", () => {
  it("is read as it is written by hand", () => {
    expect(parseHash("#scale?t=websocket,sse&sort=p99:desc")).toEqual({
      place: "scale",
      shown: ["websocket", "sse"],
      sorting: { column: "p99", direction: "desc" },
      theme: "auto",
    });
    expect(parseHash("#trust")).toEqual({ ...INITIAL_STATE, place: "trust" });
    expect(parseHash("")).toEqual(INITIAL_STATE);
  });

  it("leaves out what is as it is at first", () => {
    expect(formatHash(INITIAL_STATE)).toBe("#");
    expect(formatHash({ ...INITIAL_STATE, place: "data", theme: "dark" })).toBe("#data?theme=dark");
  });

  it.each(["#?sort=p99", "#?sort=p99:up", "#?theme=pink", "#?t=%ZZ,,", "#%E0%A4%A", "#?&&=&t"])("is the first state for %s", (hash) => {
    expect(parseHash(hash)).toEqual(INITIAL_STATE);
  });

  it("keeps any name", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 });
    const state = fc.record<PageState>({
      place: fc.string({ unit: "grapheme" }),
      shown: fc.uniqueArray(name),
      sorting: fc.record({ column: name, direction: fc.constantFrom("asc", "desc") }),
      theme: fc.constantFrom("auto", "light", "dark"),
    });
    fc.assert(
      fc.property(state, (some) => {
        expect(parseHash(formatHash(some))).toEqual(some);
      }),
    );
  });
});
