/** Errors and reconnects of a trial second by second, as ticks along the bottom of the charts over time. */
import type { Second } from "../../load/measurement.ts";
import { counted, plainNumber } from "../figure-text.ts";
import { listed } from "../listed.ts";
import type { ScenarioData } from "./chart.ts";
import type { Tick } from "./line-panels.ts";

/** Of each server's typical trial, warm-up included. */
export function troubleTicks(data: ScenarioData): Tick[] {
  return secondsOf(data).flatMap(({ server, seconds }) =>
    seconds.flatMap(({ atSecond, errors, reconnects = 0 }) => [
      ...(errors > 0 ? [{ server, kind: "error" as const, x: atSecond }] : []),
      ...(reconnects > 0 ? [{ server, kind: "reconnect" as const, x: atSecond }] : []),
    ]),
  );
}

/** What the ticks are, and of whom; empty where there are none. */
export function troubleText(data: ScenarioData): string {
  const told = (what: string, noun: string, count: (second: Second) => number): string => {
    const those = secondsOf(data).flatMap(({ server, seconds: own }) => {
      const hit = own.filter((second) => count(second) > 0);
      const total = hit.reduce((sum, second) => sum + count(second), 0);
      return hit.length === 0 ? [] : [`${counted(total, noun)} on ${server}, from second ${plainNumber(hit[0]!.atSecond)} on`];
    });
    return those.length === 0 ? "" : `${what}: ${listed(those)}.`;
  };
  return [
    told("Red ticks at the bottom", "error", ({ errors }) => errors),
    told("Dark ticks above them", "reconnect", ({ reconnects = 0 }) => reconnects),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** Up to the end of the measured window, as far as the charts reach. */
function secondsOf({ scenario, servers }: ScenarioData): { readonly server: string; readonly seconds: readonly Second[] }[] {
  return servers.map(({ look: { server }, typical }) => ({
    server,
    seconds: (typical?.seconds ?? []).filter(({ atSecond }) => atSecond < scenario.durationMs / 1_000),
  }));
}
