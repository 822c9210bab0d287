import type { Measurement } from "./measurement.ts";
import { makeScenario } from "./suite-file.ts";
import type { KnownServer } from "./suite-file.ts";
import { runTrial } from "./trial.ts";

/** One trial of these fields of a scenario on a fresh server, outside any run; throws where it failed. */
export async function singleTrial(
  server: KnownServer & { readonly transport: string },
  fields: Parameters<typeof makeScenario>[1],
  signal: AbortSignal,
): Promise<Measurement> {
  const scenario = makeScenario(server, fields);
  const plan = { index: 1, repetition: 1, server: server.name, transport: server.transport, scenario, seed: 1 };
  const measurement = await runTrial(plan, { signal, onPhase() {}, onSecond() {} });
  if (measurement.failure !== undefined) throw new Error(`the trial on ${server.name} failed: ${measurement.failure.message}`);
  return measurement;
}
