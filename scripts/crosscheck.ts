/** `npm run crosscheck`: figures of pushbench beside those of tools that nobody here wrote. Exits 3 where two do not agree, 4 where the machine was too noisy to say. */
import { ensureBuilt } from "../load/compiled.ts";
import { loadCatalog } from "../servers/catalog.ts";
import { withServer } from "./crosscheck/bench.ts";
import { bytesDown, clientLatency, descriptorsAndMemory, events, requestRate, requestsAndCpu } from "./crosscheck/checks.ts";
import type { Check } from "./crosscheck/checks.ts";
import { formatTable } from "./crosscheck/row.ts";
import type { Row } from "./crosscheck/row.ts";
import { EXIT } from "./exit-code.ts";
import { listenForInterruption } from "./interruption.ts";

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  "polling-node": [requestRate, requestsAndCpu],
  "polling-uws": [requestRate, requestsAndCpu],
  "sse-node": [events, bytesDown, descriptorsAndMemory],
  "websocket-ws": [bytesDown, descriptorsAndMemory, clientLatency],
};

const interruption = listenForInterruption((signal) => process.stderr.write(`${signal}: stopping\n`));
try {
  await ensureBuilt();
  const rows: Row[] = [];
  for (const entry of await loadCatalog()) {
    const checks = CHECKS[entry.name] ?? [];
    if (checks.length === 0) continue;
    if (!entry.available) {
      process.stderr.write(`${entry.name}: left out, ${entry.reason ?? "it is not available"}\n`);
      continue;
    }
    process.stderr.write(`${entry.name} …\n`);
    await withServer(entry, interruption.signal, async (bench) => {
      for (const check of checks) rows.push(...(await check(bench)));
    });
  }
  process.stdout.write(`${formatTable(rows)}\n`);
  process.exitCode = exitCodeOf(rows);
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  process.exitCode = interruption.exitCode()!;
} finally {
  interruption.dispose();
}

function exitCodeOf(rows: readonly Row[]): number {
  if (rows.some(({ verdict }) => verdict === "differs")) return EXIT.gateFailed;
  return rows.some(({ verdict }) => verdict === "undecided") ? EXIT.inconclusive : EXIT.done;
}
