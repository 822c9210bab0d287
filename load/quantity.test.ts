import { describe, expect, it } from "vitest";
import { count, duration, percent, rate, size } from "./quantity.ts";
import type { Quantity } from "./quantity.ts";

const kinds: [string, Quantity, [string | number, number][], (string | number)[]][] = [
  [
    "duration, in ms",
    duration,
    [
      ["500ms", 500],
      ["10s", 10_000],
      ["2m", 120_000],
      ["1h", 3_600_000],
      ["1.5s", 1500],
      [" 3 s ", 3000],
      [0, 0],
      ["0", 0],
    ],
    ["10", 10, "", "s", "-1s", "10sec", "ten", "1e3ms", "1.2.3s", "Infinitys", "10S"],
  ],
  [
    "size, in bytes",
    size,
    [
      ["128B", 128],
      ["64KiB", 65_536],
      ["1MiB", 1_048_576],
      ["0.5KiB", 512],
      [0, 0],
    ],
    [128, "128", "64kB", "64KB", "0.3B", "-1B", ""],
  ],
  [
    "count",
    count,
    [
      [100, 100],
      ["100", 100],
      ["1k", 1000],
      ["10k", 10_000],
      ["1.5M", 1_500_000],
      ["1.1k", 1100],
      ["1_000", 1000],
    ],
    [1.5, "1.5", -1, "-1", "1K", "k", "", "99999999999999999999", Number.NaN, "constructor"],
  ],
  [
    "rate, per second",
    rate,
    [
      ["50/s", 50],
      ["2k/s", 2000],
      ["30/m", 0.5],
      [50, 50],
      ["0.5/s", 0.5],
      ["50 / s", 50],
    ],
    ["50/h", "/s", "50s", "fast", "-1/s", ""],
  ],
  [
    "percentage, as a share",
    percent,
    [
      ["3%", 0.03],
      ["25 %", 0.25],
      ["0.5%", 0.005],
      ["150%", 1.5],
      ["0%", 0],
    ],
    ["3", 3, 0.03, "%", "-3%", "3%%", "3 percent", "3s", ""],
  ],
];

describe.each(kinds)("a %s", (_name, kind, good, bad) => {
  it.each(good)("reads %j as %d", (text, expected) => {
    expect(kind.parse(text)).toBe(expected);
  });

  it.each(bad)("refuses %j", (text) => {
    expect(kind.parse(text)).toBeUndefined();
  });
});
