/** The flags for how large a change is none, which two commands share. */
import type { Option } from "commander";
import { percentOption } from "./option.ts";

export interface BandFlags {
  /** As shares: 0.03 is 3 %. */
  readonly band?: number;
  readonly latencyBand?: number;
}

/** Above it everything would be the same. */
const WIDEST = 10;

export function bandOptions(): Option[] {
  return [
    percentOption("--band <percent>", "a change of so much is none (default: 3%)", 0, WIDEST),
    percentOption("--latency-band <percent>", "the same of latencies, which vary more (default: 25%)", 0, WIDEST),
  ];
}
