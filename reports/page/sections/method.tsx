/** How it was measured, and how to do it again. */
import { plainNumber } from "../../figure-text.ts";
import { FORMULAE, GLOSSARY } from "../glossary.ts";
import type { PageData } from "../page-data.ts";

/** What a parameter is called, with its unit, and what its value is divided by; a name that a matrix made up stands as it is. */
const PARAMETERS: Readonly<Record<string, readonly [name: string, divisor?: number]>> = {
  rate: ["rate, messages/s"],
  burst: ["burst, messages"],
  payloadBytes: ["payload, B"],
  warmupMs: ["warm-up, s", 1_000],
  durationMs: ["duration, s", 1_000],
  pollIntervalMs: ["poll interval, ms"],
  batchMs: ["batch, ms"],
  streams: ["HTTP/2 streams a connection"],
  tls: ["TLS"],
};

export function MethodSection({ run, summary }: PageData) {
  const { record, measurements } = run;
  const { environment } = record;
  const versions = [...new Set(measurements.map(({ trial }) => `${trial.server}: ${trial.library.name} ${trial.library.version}`))];
  const order = run.capacity === undefined ? "in an order shuffled by the seed" : "one level after another, each where those before it led";
  const rows: readonly (readonly [string, string])[] = [
    ["command", record.command],
    ["suite", `${record.suite.name} (${record.suite.file})${record.suite.description === "" ? "" : `: ${record.suite.description}`}`],
    ["seed", String(record.seed)],
    ["started, ended", `${record.startedAt}, ${record.endedAt ?? "did not end by itself"}`],
    ...(record.resumed ?? []).map(
      ({ startedAt, keptTrials, changes }) =>
        ["resumed", [`${startedAt}, with ${keptTrials} complete trials kept`, ...changes].join("; ")] as const,
    ),
    ["trials", `${summary.trials.saved} saved of ${summary.trials.planned} planned, ${order}, a fresh server each`],
    ["pushbench", environment.pushbench + (environment.git === undefined ? "" : `, commit ${environment.git}`)],
    ["Node", environment.node],
    ["system", `${environment.os}, kernel ${environment.kernel}`],
    [
      "machine",
      `${environment.cpu}, ${environment.cores} cores, ${plainNumber(environment.memoryBytes / 2 ** 30)} GiB, ${plainNumber(environment.descriptorsPerProcess)} descriptors a process`,
    ],
    ["servers", versions.toSorted().join("; ")],
  ];
  return (
    <section id="method" aria-label="Method">
      <h2>How it was measured</h2>
      <table class="text">
        <tbody>
          {rows.map(([name, value]) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{name === "command" ? <code>{value}</code> : value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Workloads cells={summary.cells} />
      <h3>Words</h3>
      <Definitions of={GLOSSARY} />
      <h3>Formulae</h3>
      <Definitions of={FORMULAE} />
    </section>
  );
}

function Definitions({ of }: { readonly of: typeof GLOSSARY }) {
  return (
    <dl>
      {of.map(([term, meaning]) => (
        <>
          <dt>{term}</dt>
          <dd>{meaning}</dd>
        </>
      ))}
    </dl>
  );
}

function Workloads({ cells }: { readonly cells: PageData["summary"]["cells"] }) {
  const scenarios = [...new Map(cells.map((cell) => [cell.scenario, cell.parameters])).entries()];
  const names = [...new Set(scenarios.flatMap(([, parameters]) => Object.keys(parameters)))];
  if (scenarios.length === 0) return null;
  const isWord = (name: string) => scenarios.some(([, parameters]) => typeof parameters[name] === "string");
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="workloads">
      <table>
        <thead>
          <tr>
            <th scope="col">scenario</th>
            {names.map((name) => (
              <th scope="col" class={isWord(name) ? "word" : undefined}>
                {PARAMETERS[name]?.[0] ?? name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scenarios.map(([scenario, parameters]) => (
            <tr>
              <th scope="row">{scenario}</th>
              {names.map((name) => (
                <td class={isWord(name) ? "word" : undefined}>{parameterText(name, parameters[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function parameterText(name: string, value: string | number | boolean | undefined): string {
  if (typeof value === "number") return plainNumber(value / (PARAMETERS[name]?.[1] ?? 1));
  return typeof value === "boolean" ? (value ? "yes" : "no") : (value ?? "–");
}
