/** The servers a suite names: known ones, and running targets that one may load. */
import { nearest } from "../nearest.ts";
import type { Scenario } from "../suite.ts";
import { asList, asRecord } from "./as-written.ts";
import { checkForeign } from "./foreign.ts";
import type { Finding, Path } from "./source.ts";

/** A server that can be named in a suite. */
export interface KnownServer {
  readonly name: string;
  /** Not known for a server that cannot be loaded here. */
  readonly transport?: string;
}

/** What is wrong with the names in `servers`, `allow` and the thresholds. Takes the data as written, so that it finds its mistakes beside those of the schema. */
export function checkServers(data: unknown, known: readonly KnownServer[], transports: readonly string[]): Finding[] {
  const suite = asRecord(data);
  const entries = asList(suite["servers"]);
  const names = entries.map(nameOf);
  const chosen = suite["servers"] === "all" ? known.map(({ name }) => name) : names.filter((name) => name !== undefined);
  return [
    ...entries.flatMap((entry, at) => {
      const path: Path = ["servers", at];
      const repeated = names[at] !== undefined && names.indexOf(names[at]) < at;
      const twice: Finding[] = repeated ? [{ path, message: `server "${names[at]}" is named twice` }] : [];
      const rest =
        typeof entry === "string"
          ? checkWord(path, "server", entry, namesOf(known))
          : checkTarget(asRecord(entry), path, suite, known, transports);
      return [...twice, ...rest];
    }),
    ...asList(suite["scenarios"]).flatMap((scenario, index) =>
      asList(asRecord(scenario)["thresholds"]).flatMap((threshold, at) =>
        asList(asRecord(threshold)["servers"]).flatMap((server, n) =>
          typeof server !== "string"
            ? []
            : checkWord(["scenarios", index, "thresholds", at, "servers", n], "server of this suite", server, chosen),
        ),
      ),
    ),
  ];
}

function checkTarget(
  target: Record<string, unknown>,
  path: Path,
  suite: Record<string, unknown>,
  known: readonly KnownServer[],
  transports: readonly string[],
): Finding[] {
  const { name, transport } = target;
  const taken: Finding[] =
    typeof name === "string" && namesOf(known).includes(name)
      ? [{ path: [...path, "name"], message: `"${name}" is the name of a built-in server`, expected: "a name of its own for a target" }]
      : [];
  return [
    ...taken,
    ...(typeof transport === "string" ? checkWord([...path, "transport"], "transport", transport, transports) : []),
    ...["url", "control"].flatMap((field) => checkHost(target[field], [...path, field], asList(suite["allow"]))),
    ...checkHost(asRecord(target["publish"])["url"], [...path, "publish", "url"], asList(suite["allow"])),
    ...checkForeign(target, path),
  ];
}

/** Targets that already run, where a scenario wants batches: whoever started them has set theirs, and the chart would show another one. */
export function checkBatch(servers: unknown, scenarios: readonly Pick<Scenario, "name" | "batchMs">[]): Finding[] {
  const batching = scenarios.find(({ batchMs }) => batchMs > 0);
  if (batching === undefined) return [];
  return asList(servers).flatMap((entry, at): Finding[] =>
    typeof entry === "string"
      ? []
      : [
          {
            path: ["servers", at],
            message: `scenario "${batching.name}" has a batch of ${batching.batchMs} ms, and this target already runs: only a server that pushbench starts can be told so`,
            expected: "batch: 0, and how the target batches set where it is started, or a server of `pushbench list`",
          },
        ],
  );
}

/** Loopback is free; whoever loads another host has to say that they may. */
function checkHost(address: unknown, path: Path, allow: readonly unknown[]): Finding[] {
  if (typeof address !== "string" || !URL.canParse(address)) return [];
  const { hostname } = new URL(address);
  if (isLoopback(hostname) || allow.includes(hostname)) return [];
  const expected = `a host of this machine, or "${hostname}" in the suite's allow list, which says that you may load it`;
  return [{ path, message: `host "${hostname}" is not allowed`, expected }];
}

/** `localhost`, 127.0.0.0/8 and ::1. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function checkWord(path: Path, noun: string, word: string, words: readonly string[]): Finding[] {
  if (words.includes(word)) return [];
  const suggestion = nearest(word, words);
  const expected = words.length === 0 ? "nothing, for there are none" : `one of ${words.join(", ")}`;
  return [{ path, message: `unknown ${noun} "${word}"`, expected, ...(suggestion === undefined ? {} : { suggestion }) }];
}

function nameOf(entry: unknown): string | undefined {
  const name = typeof entry === "string" ? entry : asRecord(entry)["name"];
  return typeof name === "string" ? name : undefined;
}

function namesOf(known: readonly KnownServer[]): string[] {
  return known.map(({ name }) => name);
}
