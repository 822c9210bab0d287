/** The flags for how large a change is none, which two commands share. */
import type { Option } from "commander";
import { present } from "../load/present.ts";
import { WIDEST_BAND } from "./api/compare.ts";
import type { Bands } from "./api/compare.ts";
import { percentOption } from "./option.ts";

export function bandOptions(): Option[] {
  return [
    percentOption("--band <percent>", "a change of so much is none (default: 3%)", 0, WIDEST_BAND),
    percentOption("--latency-band <percent>", "the same of latencies, which vary more (default: 25%)", 0, WIDEST_BAND),
  ];
}

/** The bands among a command's flags. */
export function bandsOf({ band, latencyBand }: Bands): Bands {
  return present({ band, latencyBand });
}
