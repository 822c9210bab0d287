import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import { SuiteError } from "./suite-error.ts";
import type { TextProblem } from "./suite-error.ts";
import { builtInSuites, parseSuite, readSuite } from "./suite-file.ts";
import { expectedTrialMs } from "./suite-time.ts";
import { isVaried } from "./trial/phase-figures.ts";
import { UsageError } from "./usage-error.ts";

const known = [
  { name: "polling-node", transport: "polling" },
  { name: "long-polling-node", transport: "long-polling" },
  { name: "sse-node", transport: "sse" },
  { name: "websocket-ws", transport: "websocket" },
];

const parse = (text: string) => parseSuite(text, "s.yaml", known);

function problemsOf(text: string): readonly TextProblem[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof SuiteError) return error.problems as readonly TextProblem[];
    throw error;
  }
  return [];
}

/** A suite that is right but for what `lines` add to its one scenario. */
const scenario = (...lines: string[]) =>
  ["name: s", "servers: all", "scenarios:", "  - name: a", ...lines.map((line) => `    ${line}`)].join("\n");
/** The same for one server alone. */
const on = (server: string, ...lines: string[]) => scenario(...lines).replace("all", `[${server}]`);
/** Line of the first of `lines`. */
const FIRST = 5;

describe("a suite that is right", () => {
  it("has every default filled in", () => {
    expect(parse("name: s\nservers: [sse-node]\nscenarios: [{ name: a }]")).toEqual({
      name: "s",
      description: "",
      file: "s.yaml",
      servers: ["sse-node"],
      trials: 1,
      seed: 1,
      allow: [],
      scenarios: [
        {
          name: "a",
          pattern: "broadcast",
          subscribers: 100,
          topics: 1,
          popularity: "even",
          rate: 50,
          arrivals: "fixed",
          burst: 1,
          payloadBytes: 128,
          settleMs: 500,
          warmupMs: 5000,
          durationMs: 10_000,
          drainMs: 5000,
          connectRate: 1000,
          pollIntervalMs: 100,
          connection: "keep-alive",
          client: "lean",
          streams: 100,
          frames: "text",
          compression: false,
          heartbeatMs: 15_000,
          historyMessages: 1024,
          backpressureBytes: 1_048_576,
          batchMs: 0,
          tls: false,
          instances: 1,
          steps: 1,
          reconnect: "none",
          reconnectDelayMs: 1000,
          thresholds: [],
          parameters: {},
        },
      ],
    });
  });

  it("has as many instances as the descriptors ask for, where it does not say", () => {
    const instances = (fields: string, descriptors: number): number =>
      parseSuite(scenario(fields), "s.yaml", known, descriptors).scenarios[0]!.instances;
    expect(instances("subscribers: 1M", 20_000)).toBe(56);
    expect(instances("subscribers: 1k", 600)).toBe(3);
    expect(instances("instances: 2", 20_000)).toBe(2);
  });

  it("takes a field to climb on, and a budget of time", () => {
    expect(parse(`${scenario()}\nclimb: payload\nbudget: 90m`)).toMatchObject({ climb: "payloadBytes", budgetMs: 5_400_000 });
  });

  it("takes a scenario's own fields before the defaults", () => {
    const [a, b] = parse(
      "name: s\nservers: all\ndefaults: { subscribers: 1k, payload: 1KiB, rate: 2k/s }\nscenarios: [{ name: a, subscribers: 20 }, { name: b }]",
    ).scenarios;
    expect(a).toMatchObject({ subscribers: 20, payloadBytes: 1024, rate: 2000 });
    expect(b).toMatchObject({ subscribers: 1000 });
  });

  it("multiplies a matrix out, each combination under its own name, with what was varied", () => {
    const { scenarios } = parse(
      "name: s\nservers: all\nmatrix: { subscribers: [100, 1k] }\nscenarios: [{ name: a, matrix: { payload: [128B, 64KiB] } }, { name: b }]",
    );
    expect(scenarios.map(({ name, subscribers, payloadBytes, parameters }) => ({ name, subscribers, payloadBytes, parameters }))).toEqual([
      { name: "a,subscribers=100,payload=128B", subscribers: 100, payloadBytes: 128, parameters: { subscribers: 100, payload: "128B" } },
      {
        name: "a,subscribers=100,payload=64KiB",
        subscribers: 100,
        payloadBytes: 65_536,
        parameters: { subscribers: 100, payload: "64KiB" },
      },
      { name: "a,subscribers=1k,payload=128B", subscribers: 1000, payloadBytes: 128, parameters: { subscribers: "1k", payload: "128B" } },
      {
        name: "a,subscribers=1k,payload=64KiB",
        subscribers: 1000,
        payloadBytes: 65_536,
        parameters: { subscribers: "1k", payload: "64KiB" },
      },
      { name: "b,subscribers=100", subscribers: 100, payloadBytes: 128, parameters: { subscribers: 100 } },
      { name: "b,subscribers=1k", subscribers: 1000, payloadBytes: 128, parameters: { subscribers: "1k" } },
    ]);
  });

  it("names each batch of a matrix as it is written", () => {
    const { scenarios } = parse(scenario("matrix: { batch: [0, 10ms, 0.5s] }"));
    expect(scenarios.map(({ name, batchMs, parameters }) => [name, batchMs, parameters])).toEqual([
      ["a,batch=0", 0, { batch: 0 }],
      ["a,batch=10ms", 10, { batch: "10ms" }],
      ["a,batch=0.5s", 500, { batch: "0.5s" }],
    ]);
  });

  it("may have a batch that fills no history, no bound and no drain", () => {
    expect(parse(scenario("batch: 900ms", "drain: 1001ms", "history: 51", "backpressure: 7KiB")).scenarios[0]).toMatchObject({
      batchMs: 900,
    });
  });

  it.each(["unicast", "echo"])("gives %s a topic a subscriber", (pattern) => {
    const { scenarios } = parse(scenario(`pattern: ${pattern}`, "matrix: { subscribers: [10, 1k] }"));
    expect(scenarios.map(({ topics }) => topics)).toEqual([10, 1000]);
  });

  it("reads thresholds in both forms", () => {
    const text = scenario(
      "thresholds:",
      "  - delivery_latency_ms.p99 < 250",
      "  - { check: messages_lost == 0, level: warn, servers: [sse-node] }",
    );
    expect(parse(text).scenarios[0]!.thresholds).toEqual([
      { metric: "delivery_latency_ms.p99", operator: "<", limit: 250, level: "error" },
      { metric: "messages_lost", operator: "==", limit: 0, level: "warn", servers: ["sse-node"] },
    ]);
  });

  it("has phases with the rates they begin and end with, and of them its duration and its mean rate", () => {
    const [spike] = parse(
      scenario(
        "rate: 10/s",
        "phases:",
        "  - { name: calm, duration: 20s }",
        "  - { name: ramp, duration: 10s, rate: 500/s, shape: ramp }",
        "  - { name: spike, duration: 5s, rate: 2k/s }",
        "  - { name: silence, duration: 5s, rate: 0 }",
      ),
    ).scenarios;
    expect(spike).toMatchObject({
      durationMs: 40_000,
      rate: (200 + 2550 + 10_000) / 40,
      phases: [
        { name: "calm", durationMs: 20_000, startRate: 10, endRate: 10 },
        { name: "ramp", durationMs: 10_000, startRate: 10, endRate: 500 },
        { name: "spike", durationMs: 5000, startRate: 2000, endRate: 2000 },
        { name: "silence", durationMs: 5000, startRate: 0, endRate: 0 },
      ],
    });
  });

  it("ramps to its first phase from its own rate", () => {
    const [ramp] = parse(scenario("rate: 5/s", "phases: [{ name: up, duration: 10s, rate: 50/s, shape: ramp }]")).scenarios;
    expect(ramp!.phases).toMatchObject([{ startRate: 5, endRate: 50 }]);
  });

  it("varies by a matrix the rate of the phases that have none of their own", () => {
    const { scenarios } = parse(
      scenario("matrix: { rate: [10/s, 20/s] }", "phases: [{ name: a, duration: 1s }, { name: b, duration: 1s, rate: 40/s }]"),
    );
    expect(scenarios.map(({ name, phases }) => [name, phases!.map(({ startRate }) => startRate)])).toEqual([
      ["a,rate=10", [10, 40]],
      ["a,rate=20", [20, 40]],
    ]);
  });

  it("takes phases in the place of a duration in the defaults, and a duration in the place of phases there", () => {
    const phases = "[{ name: a, duration: 3s, rate: 9/s }]";
    const of = (defaults: string, own: string) =>
      parse(`name: s\nservers: all\ndefaults: { ${defaults} }\nscenarios: [{ name: a, ${own} }]`).scenarios[0];
    expect(of("duration: 5s, rate: 4/s", `phases: ${phases}`)).toMatchObject({ durationMs: 3000, rate: 9 });
    expect(of(`phases: ${phases}`, "duration: 5s")).not.toHaveProperty("phases");
    expect(of(`phases: ${phases}`, "subscribers: 5")).toMatchObject({ durationMs: 3000, phases: [{ name: "a" }] });
  });

  it("holds a threshold against those scenarios of a matrix alone that are as it says", () => {
    const text = scenario(
      "matrix: { subscribers: [100, 1000], tls: [false, true] }",
      "thresholds:",
      "  - messages_lost == 0",
      "  - { check: delivery_latency_ms.p99 < 50, where: { subscribers: 100 } }",
      "  - { check: delivery_latency_ms.p99 > 60, where: { subscribers: 1k, tls: true }, level: warn }",
    );
    const held = parse(text).scenarios.map(({ name, thresholds }) => [name, thresholds.map(({ metric, limit }) => `${metric} ${limit}`)]);
    expect(held).toEqual([
      ["a,subscribers=100,tls=false", ["messages_lost 0", "delivery_latency_ms.p99 50"]],
      ["a,subscribers=100,tls=true", ["messages_lost 0", "delivery_latency_ms.p99 50"]],
      ["a,subscribers=1000,tls=false", ["messages_lost 0"]],
      ["a,subscribers=1000,tls=true", ["messages_lost 0", "delivery_latency_ms.p99 60"]],
    ]);
    // They hold for no scenario together, so they contradict nothing.
    expect(Object.keys(parse(text).scenarios[0]!.thresholds[1]!)).toEqual(["metric", "operator", "limit", "level"]);
  });

  it("keeps a threshold that is off, and lets it contradict what it likes", () => {
    const text = scenario("thresholds: [server_elu < 1, { check: server_elu > 2, level: off }]");
    expect(parse(text).scenarios[0]!.thresholds.map(({ level }) => level)).toEqual(["error", "off"]);
  });

  it("reads thresholds of a phase", () => {
    const text = scenario(
      "phases: [{ name: calm, duration: 2s }, { name: spike, duration: 1s, rate: 500/s }]",
      "thresholds: [{ check: delivery_latency_ms.p99 < 500, phase: spike }, { check: delivery_latency_ms.p99 > 900, phase: calm }]",
    );
    expect(parse(text).scenarios[0]!.thresholds).toEqual([
      { metric: "delivery_latency_ms.p99", operator: "<", limit: 500, level: "error", phase: "spike" },
      { metric: "delivery_latency_ms.p99", operator: ">", limit: 900, level: "error", phase: "calm" },
    ]);
  });

  it("takes anchors, aliases and merge keys", () => {
    const { scenarios } = parse(
      "name: s\nservers: all\nscenarios:\n  - &a\n    name: a\n    rate: 10/s\n    thresholds: &t [messages_lost == 0]\n  - { <<: *a, name: b }\n  - { name: c, thresholds: *t }",
    );
    expect(scenarios.map(({ name, rate, thresholds }) => [name, rate, thresholds.length])).toEqual([
      ["a", 10, 1],
      ["b", 10, 1],
      ["c", 50, 1],
    ]);
  });

  it("takes targets that already run: on loopback freely, elsewhere when allowed", () => {
    const text = [
      "name: s",
      "servers:",
      "  - { name: mine, transport: sse, url: 'http://127.0.0.5:8080', control: 'http://localhost:9090' }",
      "  - { name: theirs, transport: websocket, url: 'https://push.example:443', control: 'http://push.example:9090', caFile: ca.pem }",
      "allow: [push.example]",
      "scenarios: [{ name: a }]",
    ].join("\n");
    expect(parse(text).servers).toEqual([
      { name: "mine", transport: "sse", url: "http://127.0.0.5:8080", control: "http://localhost:9090" },
      { name: "theirs", transport: "websocket", url: "https://push.example:443", control: "http://push.example:9090", caFile: "ca.pem" },
    ]);
  });
});

describe("a suite with a mistake says what, where and what was expected", () => {
  it.each<[string, string, Partial<TextProblem>]>([
    ["unknown key", scenario("subscriber: 5"), { line: FIRST, column: 5, message: 'unknown key "subscriber"', suggestion: "subscribers" }],
    ["unknown key at the top", `${scenario()}\ntrails: 3`, { line: 5, column: 1, suggestion: "trials" }],
    ["unknown key in defaults", `${scenario()}\ndefaults: { rat: 3/s }`, { line: 5, column: 13, suggestion: "rate" }],
    ["unknown matrix field", scenario("matrix: { subs: [1] }"), { line: FIRST, column: 15, message: 'unknown key "subs"' }],
    ["wrong type", scenario("tls: maybe"), { line: FIRST, column: 10, message: 'tls cannot be "maybe"', expected: "true or false" }],
    ["wrong word", scenario("pattern: brodcast"), { line: FIRST, column: 14, length: 8, suggestion: "broadcast" }],
    ["no value", scenario("rate:"), { line: FIRST, column: 5, message: "rate has no value" }],
    ["bad duration", scenario("duration: 10"), { line: FIRST, column: 15, expected: "a duration such as 500ms, 10s or 2m" }],
    ["bad size", scenario("payload: 1kB"), { line: FIRST, column: 14, message: 'payload: cannot read "1kB"' }],
    ["a list for a quantity", scenario("rate: [1]"), { line: FIRST, column: 11, message: "rate cannot be a list" }],
    ["payload below the envelope", scenario("payload: 63B"), { line: FIRST, column: 14, message: "payload: 63B is out of range" }],
    ["payload above the largest message", scenario("payload: 1MiB"), { message: "payload: 1MiB is out of range" }],
    ["duration below a second", scenario("duration: 999ms"), { expected: "1s to 24h" }],
    ["empty matrix axis", scenario("matrix: { subscribers: [] }"), { line: FIRST, column: 28, expected: "at least one value" }],
    [
      "bad value on an axis",
      scenario("matrix: { subscribers: [1, x] }"),
      { line: FIRST, column: 32, message: 'subscribers[1]: cannot read "x"' },
    ],
    ["no scenarios", "name: s\nservers: all\nscenarios: []", { line: 3, column: 12, expected: "at least one scenario" }],
    ["a missing key", "servers: all\nscenarios: [{ name: a }]", { line: 1, column: 1, message: "name is missing" }],
    ["a scenario's missing name", "name: s\nservers: all\nscenarios:\n  - rate: 1/s", { line: 4, column: 5, message: "name is missing" }],
    ["a name unfit for a file", "name: a/b\nservers: all\nscenarios: [{ name: a }]", { line: 1, column: 7 }],
    [
      "unknown server",
      "name: s\nservers: [sse-node, polling-nod]\nscenarios: [{ name: a }]",
      { line: 2, column: 21, length: 11, message: 'unknown server "polling-nod"', suggestion: "polling-node" },
    ],
    [
      "server named twice",
      "name: s\nservers: [sse-node, sse-node]\nscenarios: [{ name: a }]",
      { line: 2, column: 21, message: 'server "sse-node" is named twice' },
    ],
    ["unknown metric", scenario('thresholds: ["message_lost == 0"]'), { line: FIRST, column: 19, length: 12, suggestion: "messages_lost" }],
    [
      "metric without percentile",
      scenario("thresholds:", "  - delivery_latency_ms < 5"),
      { line: FIRST + 1, column: 9, suggestion: "delivery_latency_ms.p99" },
    ],
    [
      "bad limit in an object",
      scenario("thresholds: [{ check: messages_lost == none }]"),
      { line: FIRST, column: 44, length: 4, message: '"none" is no number' },
    ],
    [
      "unknown level",
      scenario("thresholds: [{ check: messages_lost == 0, level: warning }]"),
      { expected: "one of error, warn, off", suggestion: "warn" },
    ],
    [
      "threshold for a server not in the suite",
      scenario("thresholds: [{ check: messages_lost == 0, servers: [sse] }]"),
      { message: 'unknown server of this suite "sse"' },
    ],
    [
      "a threshold that holds nowhere",
      scenario("matrix: { subscribers: [100, 200] }", "thresholds: [{ check: messages_lost == 0, where: { subscribers: 150 } }]"),
      { line: FIRST + 1, message: 'no scenario that "a" makes is like this: the threshold would hold for none' },
    ],
    [
      "an unknown field that a threshold holds for",
      scenario("thresholds: [{ check: messages_lost == 0, where: { subscriber: 100 } }]"),
      { message: 'unknown key "subscriber"', suggestion: "subscribers" },
    ],
    ["a number for a threshold", scenario("thresholds: [5]"), { message: "thresholds[0] cannot be 5" }],
    ["duplicate scenario", `${scenario()}\n  - name: a`, { line: 5, column: 11, message: 'scenario "a" exists already' }],
    ["topics > subscribers", scenario("subscribers: 5", "pattern: topics", "topics: 6"), { line: FIRST + 2, column: 13 }],
    [
      "topics on an axis > subscribers",
      scenario("subscribers: 5", "pattern: topics", "matrix: { topics: [2, 6] }"),
      { line: FIRST + 2, column: 27 },
    ],
    ["a broadcast on many topics", scenario("topics: 3"), { line: FIRST, message: "a broadcast has one topic, not 3" }],
    ["echo on fewer topics", scenario("pattern: echo", "topics: 3"), { line: FIRST + 1, column: 13 }],
    ["echo with clients that only receive", scenario("pattern: echo", "client: reference"), { line: FIRST + 1, column: 13 }],
    [
      "echo on a target that nobody knows how to send to",
      "name: s\nservers: [{ name: x, transport: sse, url: 'http://127.0.0.1:1/{topic}', publish: { method: POST, url: 'http://127.0.0.1:1/{topic}', body: '{message}' } }]\nscenarios: [{ name: a, pattern: echo }]",
      { line: 2, column: 11, message: 'scenario "a" is an echo, and this target does not say how its subscribers send' },
    ],
    [
      "a foreign target that a subscriber is to resume on",
      "name: s\nservers: [{ name: x, transport: sse, url: 'http://127.0.0.1:1/{topic}', publish: { method: POST, url: 'http://127.0.0.1:1/{topic}', body: '{message}' } }]\nscenarios: [{ name: a, reconnect: resume }]",
      { line: 2, column: 11, message: 'scenario "a" has reconnect: resume, and this target does not say how to ask for what was missed' },
    ],
    ["unicast on fewer topics", scenario("pattern: unicast", "topics: 3"), { line: FIRST + 1, column: 13 }],
    [
      "a broadcast spread by Zipf",
      scenario("popularity: zipf"),
      { line: FIRST, column: 17, expected: "pattern: topics, or popularity: even" },
    ],
    ["topics without how many", scenario("pattern: topics"), { line: FIRST, column: 14 }],
    ["no message in the window", scenario("rate: 0.1/s", "duration: 5s"), { line: FIRST, column: 11 }],
    ["bursts without how many", scenario("arrivals: burst"), { line: FIRST, column: 15 }],
    ["a burst that comes less than once", scenario("arrivals: burst", "rate: 10/s", "burst: 101"), { line: FIRST + 2, column: 12 }],
    ["history too short for a burst", scenario("arrivals: burst", "burst: 200", "history: 199"), { line: FIRST + 2, column: 14 }],
    ["a payload past the backpressure bound", scenario("payload: 4KiB", "backpressure: 2KiB"), { line: FIRST, column: 14 }],
    ["a drain that ends before the next poll", scenario("drain: 100ms"), { line: FIRST, column: 12 }],
    ["history too short for a poll interval", scenario("rate: 1k/s", "pollInterval: 1s", "history: 999"), { line: FIRST + 2, column: 14 }],
    [
      "a burst past the history of a long poll",
      on("long-polling-node", "arrivals: burst", "burst: 200", "history: 199"),
      { message: "about 200 messages come at once and history keeps 199: the others would be lost" },
    ],
    [
      "a burst past one answer to a long poll",
      on("long-polling-node", "arrivals: burst", "burst: 20", "payload: 1KiB", "backpressure: 10KiB"),
      { message: "about 20480 B come at once and one answer holds 10240 B: the rest would wait for another request" },
    ],
    [
      "a burst past history in a closed loop",
      scenario("pollInterval: 0", "arrivals: burst", "burst: 9", "history: 8"),
      { line: FIRST + 3 },
    ],
    [
      "a burst past one answer in a closed loop",
      scenario("pollInterval: 0", "arrivals: burst", "burst: 20", "payload: 1KiB", "backpressure: 10KiB"),
      { line: FIRST + 4 },
    ],
    ["no drain in a closed loop", scenario("pollInterval: 0", "drain: 0"), { line: FIRST + 1, column: 12 }],
    [
      "a closed loop of autocannon with a connection a poll",
      scenario("pollInterval: 0", "client: reference", "connection: per-poll"),
      { line: FIRST + 2, column: 17, expected: "keep-alive, client: lean, or a pollInterval" },
    ],
    ["a batch that is no duration", scenario("batch: 10"), { line: FIRST, column: 12, expected: "a duration such as 500ms, 10s or 2m" }],
    ["a batch below a timer's", scenario("batch: 0.5ms"), { expected: "0 (each message at once), or 1ms to 10s" }],
    ["a batch of more than 10 s", scenario("batch: 11s"), { message: "batch: 11s is out of range" }],
    [
      "a drain that ends before the last batch is sent",
      on("sse-node", "batch: 500ms", "drain: 500ms"),
      {
        line: FIRST + 1,
        column: 12,
        message:
          "a drain of 500 ms ends before the last batch is sent, 500 ms after its first message: the last messages would count as lost",
      },
    ],
    [
      "a drain that ends before the last batch is polled",
      scenario("batch: 500ms", "drain: 600ms"),
      { line: FIRST + 1, expected: "a drain longer than batch and pollInterval together" },
    ],
    [
      "a batch as long as the window",
      on("sse-node", "batch: 1s", "duration: 1s"),
      { line: FIRST, column: 12, expected: "a shorter batch or a longer duration" },
    ],
    [
      "a batch past the history of a long poll",
      on("long-polling-node", "rate: 1k/s", "batch: 100ms", "history: 100"),
      { line: FIRST + 2, message: "about 101 messages come in a batch of 100 ms and history keeps 100: the others would be lost" },
    ],
    [
      "a batch past the history of a poll",
      scenario("rate: 1k/s", "batch: 1s", "history: 1000"),
      { line: FIRST + 2, expected: "a longer history, a lower rate or a shorter batch" },
    ],
    [
      "a batch past one answer to a long poll",
      on("long-polling-node", "rate: 1k/s", "batch: 100ms", "payload: 1KiB", "backpressure: 100KiB"),
      {
        line: FIRST + 3,
        message: "about 103424 B come in a batch of 100 ms and one answer holds 102400 B: the rest would wait for another request",
      },
    ],
    [
      "a batch past the backpressure bound of a stream",
      on("sse-node", "rate: 1k/s", "batch: 100ms", "payload: 1KiB", "backpressure: 100KiB"),
      {
        line: FIRST + 3,
        message: "about 103424 B come in a batch of 100 ms, and one that holds the bound of 102400 B is sent before its time",
      },
    ],
    [
      "a batch for a target that already runs, though it speaks the contract",
      "name: s\nservers: [{ name: x, transport: sse, url: 'http://127.0.0.1:1', control: 'http://127.0.0.1:1' }]\nscenarios: [{ name: a, batch: 10ms }]",
      {
        line: 2,
        column: 11,
        message: 'scenario "a" has a batch of 10 ms, and this target already runs: only a server that pushbench starts can be told so',
      },
    ],
    ["a poll interval below a timer's", scenario("pollInterval: 0.5ms"), { expected: "0 (a closed loop), or 1ms to 1m" }],
    ["an unknown client", scenario("client: referance"), { expected: "one of lean, reference", suggestion: "reference" }],
    ["more steps than subscribers make", scenario("subscribers: 200", "steps: 8"), { line: FIRST + 1, column: 12 }],
    ["too few steps for a slope", scenario("steps: 3"), { line: FIRST, column: 12 }],
    ["more instances than subscribers", scenario("subscribers: 1", "instances: 2"), { line: FIRST + 1, column: 16 }],
    ["thresholds that contradict", scenario("thresholds: [server_elu < 1, server_elu > 2]"), { line: FIRST, column: 34 }],
    ["a field that the matrix sets too", scenario("rate: 5/s", "matrix: { rate: [1/s] }"), { line: FIRST + 1, column: 15 }],
    [
      "a matrix out of hand",
      scenario(`matrix: { subscribers: [${Array.from({ length: 1001 }, (_, n) => n + 1).join(",")}] }`),
      { message: 'the matrix makes 1001 scenarios of "a"' },
    ],
    [
      "a host that is not allowed",
      "name: s\nservers: [{ name: x, transport: sse, url: 'http://push.example', control: 'http://127.0.0.1:1' }]\nscenarios: [{ name: a }]",
      { line: 2, column: 43, message: 'host "push.example" is not allowed' },
    ],
    [
      "an unknown transport",
      "name: s\nservers: [{ name: x, transport: ssse, url: 'http://127.0.0.1:1', control: 'http://127.0.0.1:1' }]\nscenarios: [{ name: a }]",
      { line: 2, column: 33, suggestion: "sse" },
    ],
    [
      "a target with a built-in name",
      "name: s\nservers: [{ name: sse-node, transport: sse, url: 'http://127.0.0.1:1', control: 'http://127.0.0.1:1' }]\nscenarios: [{ name: a }]",
      { line: 2, column: 19 },
    ],
    [
      "a url that is none",
      "name: s\nservers: [{ name: x, transport: sse, url: 'ftp://127.0.0.1', control: 'http://127.0.0.1:1' }]\nscenarios: [{ name: a }]",
      { line: 2, column: 43, expected: "an http:, https:, ws: or wss: address" },
    ],
    [
      "a repeated key",
      scenario("rate: 5/s", "rate: 6/s"),
      { line: FIRST + 1, column: 5, message: "YAML: this key stands here a second time" },
    ],
    ["an alias without anchor", scenario("thresholds: *nowhere"), { line: FIRST, column: 17 }],
    [
      "a duration beside phases",
      scenario("duration: 5s", "phases: [{ name: a, duration: 1s }]"),
      { line: FIRST, column: 5, length: 8, message: "phases have a duration each", expected: "duration or phases" },
    ],
    [
      "a duration beside phases in the defaults",
      `${scenario()}\ndefaults: { duration: 5s, phases: [{ name: a, duration: 1s }] }`,
      { line: 5, column: 13, message: "phases have a duration each" },
    ],
    [
      "a duration that the matrix varies beside phases",
      scenario("matrix: { duration: [1s, 2s] }", "phases: [{ name: a, duration: 1s }]"),
      { line: FIRST, column: 15, message: "phases have a duration each" },
    ],
    [
      "a rate that no phase takes",
      scenario("rate: 5/s", "phases: [{ name: a, duration: 1s, rate: 5/s }]"),
      { line: FIRST, column: 5, message: "every phase has a rate of its own" },
    ],
    [
      "a rate that the matrix varies and no phase takes",
      scenario("phases: [{ name: a, duration: 1s, rate: 5/s }]", "matrix: { rate: [1, 2] }"),
      { line: FIRST + 1, column: 15, message: "every phase has a rate of its own" },
    ],
    [
      "two phases of a name",
      scenario("phases: [{ name: a, duration: 1s }, { name: a, duration: 1s }]"),
      { line: FIRST, column: 49, message: 'phase "a" exists already' },
    ],
    ["a phase without a duration", scenario("phases: [{ name: a }]"), { line: FIRST, column: 16, message: "duration is missing" }],
    ["a phase without a name", scenario("phases: [{ duration: 1s }]"), { line: FIRST, message: "name is missing" }],
    [
      "a field that a phase does not have",
      scenario("phases: [{ name: a, duration: 1s, rat: 5 }]"),
      { line: FIRST, column: 39, message: 'unknown key "rat"', suggestion: "rate" },
    ],
    [
      "an unknown shape",
      scenario("phases: [{ name: a, duration: 1s, shape: rampp }]"),
      { line: FIRST, column: 46, expected: "one of step, ramp", suggestion: "ramp" },
    ],
    [
      "a rate of hardly ever",
      scenario("phases: [{ name: a, duration: 1s, rate: 0.0001 }]"),
      { expected: "0 (silence), or 0.001/s to 1M/s" },
    ],
    ["a phase too short", scenario("phases: [{ name: a, duration: 99ms }]"), { expected: "100ms to 24h" }],
    ["no phases", scenario("phases: []"), { line: FIRST, column: 13, expected: "at least one phase" }],
    [
      "phases of silence alone",
      scenario("phases: [{ name: a, duration: 5s, rate: 0 }]"),
      { line: FIRST, column: 13, message: "no message is due in any phase" },
    ],
    [
      "phases shorter than a second together",
      scenario("phases: [{ name: a, duration: 200ms }, { name: b, duration: 300ms }]"),
      { line: FIRST, column: 13, message: "all phases together last 500 ms" },
    ],
    [
      "phases of more than a day together",
      scenario("phases: [{ name: a, duration: 24h, rate: 1 }, { name: b, duration: 1h, rate: 1 }]"),
      { line: FIRST, column: 13, message: "all phases together last 25 h" },
    ],
    [
      "phases of fewer messages than a burst has",
      scenario("arrivals: burst", "burst: 100", "phases: [{ name: a, duration: 1s, rate: 50 }]"),
      { line: FIRST + 1, column: 12, message: "all phases together come to 50 messages, and a burst has 100: none may be due" },
    ],
    [
      "history too short for the poll interval of a spike",
      scenario("phases: [{ name: a, duration: 9s, rate: 1 }, { name: b, duration: 1s, rate: 1k/s }]", "pollInterval: 1s", "history: 999"),
      { line: FIRST + 2, column: 14 },
    ],
    [
      "a threshold of a phase that there is not",
      scenario("phases: [{ name: spike, duration: 1s }]", "thresholds: [{ check: messages_lost == 0, phase: spikes }]"),
      { line: FIRST + 1, column: 54, message: 'unknown phase "spikes"', suggestion: "spike" },
    ],
    [
      "a threshold of a phase where there is none",
      scenario("thresholds: [{ check: messages_lost == 0, phase: spike }]"),
      { line: FIRST, column: 54, expected: "no phase, for the scenario has none" },
    ],
    [
      "a threshold of what is not measured of a phase",
      scenario("phases: [{ name: spike, duration: 1s }]", "thresholds: [{ check: reconnects == 0, phase: spike }]"),
      { line: FIRST + 1, column: 27, message: "reconnects is not measured of a phase" },
    ],
    [
      "a threshold of the window for what is measured of phases alone",
      scenario("thresholds: [delivery_backlog < 5]"),
      { line: FIRST, column: 18, message: "delivery_backlog is measured of phases alone" },
    ],
    [
      "thresholds of one phase that contradict",
      scenario(
        "phases: [{ name: a, duration: 1s }]",
        "thresholds: [{ check: server_elu < 1, phase: a }, { check: server_elu > 2, phase: a }]",
      ),
      { line: FIRST + 1 },
    ],
    ["an empty file", "", { line: 1, column: 1, message: "the file has no value" }],
    ["a text instead of a suite", "hello", { line: 1, column: 1, message: 'the file cannot be "hello"' }],
  ])("%s", (_name, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(expected);
  });

  it("reports a syntax error alone, for what follows it cannot be trusted", () => {
    const problems = problemsOf('name: "s\nservers: nobody\n');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ message }) => message.startsWith("YAML: "))).toBe(true);
  });

  it("reports mistakes of every sort at once, in the order of the file", () => {
    const text = [
      "name: s",
      "servers: [sse]",
      "trails: 1",
      "scenarios:",
      "  - name: a",
      "    rate: fast",
      "  - name: b",
      "    subscribers: 2",
      "    pattern: topics",
      "    topics: 3",
      "    thresholds: [nothing < 1]",
      "  - name: c",
      "    subscribers: 2",
      "    instances: 3",
    ].join("\n");
    expect(problemsOf(text).map(({ line }) => line)).toEqual([2, 3, 6, 11, 14]);
  });

  it("shows the line with a caret under the word, and the nearest right one", () => {
    expect(() => parse("name: s\nservers: [sse-node]\nscenarios:\n  - name: a\n    patern: topics\n")).toThrow(
      [
        's.yaml:5:5: unknown key "patern"',
        "    5 |     patern: topics",
        "      |     ^^^^^^",
        '      = expected one of name, pattern, subscribers, topics, popularity, rate, arrivals, burst, payload, settle, warmup, duration, drain, connectRate, reconnect, reconnectDelay, steps, pollInterval, streams, client, frames, compression, connection, heartbeat, history, backpressure, batch, tls, instances, phases, matrix, thresholds; did you mean "pattern"?',
        "",
        "1 problem in s.yaml",
      ].join("\n"),
    );
  });

  it("reports a mistake in the defaults once, however many scenarios inherit it", () => {
    const problems = problemsOf("name: s\nservers: all\ndefaults: { topics: 3 }\nscenarios: [{ name: a }, { name: b }]");
    expect(problems).toMatchObject([{ line: 3, column: 21 }]);
  });

  it("does not hang on aliases that multiply", () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x,x]",
      ...Array.from("bcdefg", (key, n) => `${key}: &${key} [${Array(10).fill(`*${"abcdef"[n]}`).join(",")}]`),
    ].join("\n");
    expect(problemsOf(bomb)).toMatchObject([{ line: 1, message: expect.stringContaining("YAML: ") as string }]);
  });
});

describe("readSuite", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pushbench-suite-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("reads a file and remembers its path as given", async () => {
    const path = join(folder, "mine.yaml");
    await writeFile(path, "name: mine\nservers: all\nscenarios: [{ name: a }]\n");
    expect(await readSuite(path, known)).toMatchObject({ name: "mine", file: path, servers: known.map(({ name }) => name) });
  });

  it("suggests the built-in suite that was meant", async () => {
    await expect(readSuite("quik", known)).rejects.toThrow(
      new UsageError(
        `unknown suite "quik": built-in suites are ${(await builtInSuites()).join(", ")}; any other is the path of a file, such as ./my.yaml or ./my.ts; did you mean "quick"?`,
      ),
    );
  });

  it("says why a file cannot be read", async () => {
    await expect(readSuite("./nowhere.yaml", known)).rejects.toThrow('cannot read suite "./nowhere.yaml": there is no such file');
    await expect(readSuite(`${folder}/`, known)).rejects.toThrow("it is a folder");
  });
});

describe("the built-in suites", async () => {
  const servers = await loadCatalog();
  const suites = await Promise.all((await builtInSuites()).map(async (name) => ({ name, suite: await readSuite(name, servers) })));

  it.each(suites)("$name is right, and named as its file", ({ name, suite }) => {
    expect(suite).toMatchObject({ name, file: `load/suites/${name}.yaml` });
  });

  it.each(suites.filter(({ suite }) => suite.description.startsWith("every server")))("$name loads every server", ({ suite }) => {
    expect(suite.servers).toEqual(servers.map((server) => server.name));
  });

  it.each(["batch", "spike"])("%s loads servers of every transport over HTTP/1.1 and WebSocket", (wanted) => {
    const { suite } = suites.find(({ name }) => name === wanted)!;
    const available = servers.filter((server) => server.available);
    const loaded = available.filter(({ name }) => suite.servers.includes(name)).map(({ transport }) => transport);
    const transports = available.map(({ transport }) => transport).filter((transport) => !transport.endsWith("-http2"));
    expect(new Set(loaded)).toEqual(new Set(transports));
  });

  it("soak has one rate throughout, so that its window is judged as a whole", () => {
    const { suite } = suites.find(({ name }) => name === "soak")!;
    expect(suite.scenarios.map(isVaried)).toEqual([false]);
  });

  it.each(suites)("$name takes as long as its description says", ({ suite }) => {
    const [, bound, length] = /, in (about|under) (half a minute|an hour|\d+ hours|\d+ minutes)/.exec(suite.description)!;
    const words: Readonly<Record<string, number>> = { "half a minute": 0.5, "an hour": 60 };
    const stated = words[length!] ?? Number.parseInt(length!) * (length!.endsWith("hours") ? 60 : 1);
    const expectedMs = suite.scenarios.reduce((sum, each) => sum + suite.trials * suite.servers.length * expectedTrialMs(each), 0);
    const share = Math.min(expectedMs, suite.budgetMs ?? Infinity) / 60_000 / stated;
    // A report and what is slower elsewhere must find room below a bound.
    const [least, most] = bound === "under" ? [0.8, 0.95] : [0.85, 1.15];
    expect(share).toBeGreaterThan(least);
    expect(share).toBeLessThan(most);
  });

  // What asks for the limits of a machine, for CPU time, or for a poller's mean, has few messages at the probes, and takes the p99 of all subscribers.
  const compared = suites.filter(({ name }) => !["compare-grid", "gate", "million", "scale", "textbook"].includes(name));
  it.each(compared)("$name has enough deliveries for a p99", ({ suite }) => {
    for (const { rate, durationMs, topics, subscribers } of suite.scenarios) {
      const each = ((rate / topics) * durationMs) / 1000;
      // Of the probes; one-to-one all subscribers hear no more than was published, and theirs is taken.
      expect(each * (topics === subscribers ? subscribers : 16)).toBeGreaterThanOrEqual(10 / (1 - 0.99));
    }
  });
});
