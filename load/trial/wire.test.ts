import { describe, expect, it } from "vitest";
import type { LedgerCounts } from "../measurement.ts";
import type { SocketCounters, Sockets } from "../sampling/sockets.ts";
import { wireFigures } from "./wire.ts";

const WHOLE: LedgerCounts = { published: 50, expected: 100, delivered: 96, lost: 4, duplicated: 2, reordered: 3, late: 1, corrupt: 1 };
const socket = (bytesSent: number, segmentsSent: number, queuedBytes = 0): SocketCounters => ({ bytesSent, segmentsSent, queuedBytes });
const sockets = (entries: Readonly<Record<string, SocketCounters>>): Sockets => new Map(Object.entries(entries));

const BEFORE = sockets({ a: socket(500, 3), b: socket(700, 2) });

describe("what a delivery costs on the wire", () => {
  it("is what was sent since the first look, for each message that came, whatever came of it", () => {
    const after = sockets({ b: socket(7200, 52, 30), a: socket(7000, 53, 12) });
    expect(wireFigures(BEFORE, after, WHOLE)).toEqual({ bytesPerDelivery: 130, segmentsPerDelivery: 1, queuedBytes: 42 });
  });

  it.each([
    ["a connection has gone", { a: socket(7000, 53) }],
    ["one has come", { a: socket(7000, 53), b: socket(7200, 52), c: socket(1, 1) }],
    ["one has another peer", { a: socket(7000, 53), c: socket(7200, 52) }],
    ["one with the same peer began anew", { a: socket(7000, 53), b: socket(600, 1) }],
  ])("is not said where %s", (_what, after) => {
    expect(wireFigures(BEFORE, sockets(after), WHOLE)).toEqual({ queuedBytes: 0 });
  });

  it("is not said where nothing came, nor where nobody could look", () => {
    const after = sockets({ a: socket(500, 3), b: socket(700, 2) });
    expect(wireFigures(BEFORE, after, { ...WHOLE, delivered: 0, duplicated: 0, late: 0, corrupt: 0 })).toEqual({ queuedBytes: 0 });
    expect(wireFigures(undefined, after, WHOLE)).toEqual({ queuedBytes: 0 });
    expect(wireFigures(BEFORE, undefined, WHOLE)).toEqual({});
    expect(wireFigures(new Map(), new Map(), WHOLE)).toEqual({});
  });
});
