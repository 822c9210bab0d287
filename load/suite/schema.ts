/** The form of a suite file: one schema for checking, for types and for the JSON Schema that editors use. */
import { z } from "zod";
import { count, duration, rate, size } from "../quantity.ts";
import type { Quantity } from "../quantity.ts";
import { CHECK_EXPECTED, parseCheck } from "../threshold.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const GIB = 1024 ** 3;

/** Scenario names are part of file names; server names too. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const name = z.string().regex(NAME, { error: "letters, digits, dots, dashes and underscores, 64 at most" });

const STEPS = "1 (all at once), or 8 to 64";
const BATCHES = "0 (each message at once), or 1ms to 10s";
const POLL_INTERVALS = "0 (a closed loop), or 1ms to 1m";

/** Every field of a workload, as it is written; all are optional, for defaults fill what is missing. */
export const WORKLOAD_FIELDS = {
  pattern: z
    .enum(["broadcast", "topics", "unicast", "echo"])
    .describe(
      "Who is told what: one topic for everybody, several topics with subscribers spread over them, a topic a subscriber, or each its own messages back",
    ),
  subscribers: quantity(count, 1, 1_000_000, "1 to 1M").describe("Connections held"),
  topics: quantity(count, 1, 1_000_000, "1 to 1M").describe("Topics published to, over which subscribers are spread"),
  popularity: z
    .enum(["even", "zipf"])
    .describe("How subscribers are spread, with pattern: topics: evenly, or on the k-th topic a share proportional to 1/k"),
  rate: quantity(rate, 0.001, 1_000_000, "0.001/s to 1M/s").describe("Messages due per second over all topics"),
  arrivals: z
    .enum(["fixed", "poisson", "burst"])
    .describe("How messages arrive at that rate: evenly, at random as a Poisson process, or several at once"),
  burst: quantity(count, 1, 100_000, "1 to 100k").describe("Messages due at once, with arrivals: burst"),
  payload: quantity(size, 64, 999_999, "64B (the envelope) to 999999B").describe("Size of a message"),
  settle: quantity(duration, 0, HOUR, "0 to 1h").describe("Rest between the last connect and the first message"),
  warmup: quantity(duration, 0, HOUR, "0 to 1h").describe(
    "Load that is not measured; of 8s and more, extended while the server is not steady, three times at most",
  ),
  duration: quantity(duration, SECOND, 24 * HOUR, "1s to 24h").describe("The measured window"),
  drain: quantity(duration, 0, HOUR, "0 to 1h").describe("How long after the last due time a message may still arrive"),
  connectRate: quantity(rate, 1, 1_000_000, "1/s to 1M/s").describe("Connections opened per second"),
  reconnect: z
    .enum(["none", "fresh", "resume"])
    .describe(
      "What a subscriber does whose connection broke: stay away, come back to what is published from then on, or ask for what it missed as well",
    ),
  reconnectDelay: quantity(duration, 0, MINUTE, "0 to 1m").describe("How long it waits before; half as long again at most, by chance"),
  steps: quantity(count, 1, 64, STEPS)
    .refine((steps) => steps === 1 || steps >= 8, { error: "a slope needs eight steps", params: { expected: STEPS } })
    .describe(
      "Steps in which the connections are opened, after the first hundred; at each what a connection costs the server is looked at",
    ),
  pollInterval: quantity(duration, 0, MINUTE, POLL_INTERVALS)
    .refine((ms) => ms === 0 || ms >= 1, { error: "no timer is so fine", params: { expected: POLL_INTERVALS } })
    .describe("Time between two polls of a subscriber, on polling transports; 0 asks again as soon as answered, for maximum throughput"),
  streams: quantity(count, 1, 1000, "1 to 1000").describe(
    "Subscribers that share a connection, on HTTP/2; where the server takes fewer, more connections are opened",
  ),
  client: z
    .enum(["lean", "reference"])
    .describe("What subscribes: the lean client, or one on the library that users use (ws, undici, autocannon), at its cost"),
  frames: z
    .enum(["text", "binary"])
    .describe("What a message comes as on WebSocket: a text frame, or a binary one of the same bytes; without effect on other transports"),
  compression: z
    .boolean()
    .describe("Compress each message by itself (permessage-deflate) on WebSocket; without effect on other transports"),
  connection: z
    .enum(["keep-alive", "per-poll"])
    .describe("What a poll travels on: one connection that is kept, or a new one each time, on polling transports"),
  heartbeat: quantity(duration, 0, HOUR, "0 (none) to 1h").describe("Silence after which a server sends a sign of life"),
  history: quantity(count, 1, 1_000_000, "1 to 1M").describe("Messages a topic keeps for those who come back"),
  backpressure: quantity(size, 1024, GIB, "1KiB to 1GiB").describe("Unsent bytes at which a slow reader is dropped"),
  batch: quantity(duration, 0, 10 * SECOND, BATCHES)
    .refine((ms) => Number.isInteger(ms), { error: "no timer is so fine", params: { expected: BATCHES } })
    .describe(
      "How long a server holds a topic's messages back, to send all that come meanwhile in one write or one answer; 0 sends each at once",
    ),
  tls: z.boolean().describe("Serve subscribers over TLS"),
  instances: quantity(count, 1, 1000, "1 to 1000").describe(
    "Identical server processes, subscribers shared out over them; as few as have the descriptors where nothing is said",
  ),
} as const;

const PHASE_RATES = "0 (silence), or 0.001/s to 1M/s";

/** One phase of the measured window. */
const phase = z.strictObject({
  name,
  duration: quantity(duration, 100, 24 * HOUR, "100ms to 24h"),
  rate: quantity(rate, 0, 1_000_000, PHASE_RATES)
    .refine((perSecond) => perSecond === 0 || perSecond >= 0.001, { error: "so rarely is hardly ever", params: { expected: PHASE_RATES } })
    .optional()
    .describe("Messages due per second over all topics; that of the scenario where a phase does not say"),
  shape: z
    .enum(["step", "ramp"])
    .default("step")
    .describe("At that rate from the first moment on, or evenly to it from the rate before: of the phase before, or the scenario's"),
});

/** A histogram each in every process. */
const MOST_PHASES = 50;

/** Any of a workload's fields; what a matrix cannot vary stands here alone. */
export const workloadSchema = z
  .strictObject({
    ...WORKLOAD_FIELDS,
    phases: z
      .array(phase)
      .nonempty({ error: "at least one phase" })
      .max(MOST_PHASES, { error: `${MOST_PHASES} phases at most` })
      .describe("What the measured window is made of, in the place of one duration and one rate: ramps, steps, spikes, silence"),
  })
  .partial();

/** Fields to vary, each with the values it takes. */
export const matrixSchema = z.strictObject(axes()).partial().describe("Fields to vary: every combination becomes a scenario of its own");

const threshold = z.union(
  [
    check(),
    z.strictObject({
      check: check(),
      level: z
        .enum(["error", "warn", "off"])
        .default("error")
        .describe("error fails a run, warn is shown, off is not held against anything"),
      phase: z.string().optional().describe("The phase whose figure is meant"),
      servers: z.array(z.string()).nonempty({ error: "at least one server" }).optional(),
      where: z
        .strictObject(WORKLOAD_FIELDS)
        .partial()
        .optional()
        .describe("Values of a workload for which it holds, such as subscribers: 1000: of a matrix those scenarios alone"),
    }),
  ],
  { error: "a check such as messages_lost == 0, or an object with check, level, phase, servers and where" },
);

const headers = z.record(z.string(), z.string()).optional();
const processId = z.int({ error: "the number of a process" }).positive({ error: "the number of a process" });

/** Which of these fields go together is checked beside the schema. */
const target = z.strictObject({
  name,
  transport: z.string(),
  url: z
    .url({ protocol: /^(https?|wss?)$/, error: "an http:, https:, ws: or wss: address" })
    .describe("Where subscribers connect; {topic} stands for the topic where there is no control"),
  control: z
    .url({ protocol: /^http$/, error: "an http: address" })
    .optional()
    .describe("Control port of a server that speaks the contract"),
  caFile: z.string().optional().describe("PEM file of the certificate to trust"),
  headers: headers.describe("Beside those that the protocol asks for; {topic}, and {env:NAME} for what should not stand here"),
  subscribe: z
    .union([z.string(), z.array(z.string()).nonempty({ error: "at least one frame" })], { error: "a text frame, or a list of them" })
    .optional()
    .describe("WebSocket only: text frames to send once it is open; {topic}"),
  answer: z
    .record(z.string(), z.string())
    .optional()
    .describe("WebSocket only: text frames to answer a frame with, for pings sent as messages"),
  publish: z
    .strictObject({
      method: z
        .string()
        .regex(/^(?!HEAD$)[A-Z]+$/, { error: "a method such as POST or PUT" })
        .optional(),
      url: z.url({ protocol: /^https?$/, error: "an http: or https: address" }),
      headers,
      body: z.string().optional(),
    })
    .optional()
    .describe("How one message is published, where there is no control; {topic} and {message}"),
  command: z
    .string()
    .regex(/\S/, { error: "a command that starts the server" })
    .optional()
    .describe("Starts it afresh for each trial, with the port that it is to listen on in PORT; port 0 in the addresses stands for it"),
  pid: z
    .union([processId, z.array(processId).nonempty({ error: "at least one process" })], {
      error: "the number of a process, or a list of them",
    })
    .optional()
    .describe("Its processes, sampled with all that they started"),
});

/** One scenario as it is written. */
export const scenarioSchema = z.strictObject({
  name,
  ...workloadSchema.shape,
  matrix: matrixSchema.optional(),
  thresholds: z.array(threshold).optional().describe("Limits that state an SLO"),
});

/** A suite as it is written in YAML; what parses has quantities in base units, and defaults not yet applied. */
export const suiteSchema = z.strictObject({
  name,
  description: z.string().default(""),
  servers: z
    .union(
      [
        z.literal("all"),
        z
          .array(
            z.union([z.string(), target], { error: "a server's name, or an object with name, transport, url, and control or publish" }),
          )
          .nonempty({ error: "at least one server" }),
      ],
      {
        error: "`all`, or a list of servers",
      },
    )
    .describe("Servers to load: names from `pushbench list`, or targets of your own"),
  trials: quantity(count, 1, 1000, "1 to 1000").default(1).describe("How often each cell is repeated, on a fresh server each"),
  seed: quantity(count, 0, 0xffff_ffff, "0 to 4294967295").default(1).describe("Orders the trials and draws all chance"),
  allow: z.array(z.string()).default([]).describe("Hosts other than loopback that you may load"),
  climb: z
    .enum(["subscribers", "rate", "payload"])
    .optional()
    .describe(
      "A field that the matrix varies: trials run in its order, upwards, and a server that broke at one value is not asked for more",
    ),
  budget: quantity(duration, MINUTE, 24 * HOUR, "1m to 24h")
    .optional()
    .describe("Trials that would end after so long a run are not made"),
  textbook: z
    .boolean()
    .default(false)
    .describe(
      "Make experiments after the trials on what textbooks say of these transports and no load shows: broken connections, exhausted descriptors, bytes of a frame, a browser's streams",
    ),
  defaults: workloadSchema.default({}).describe("Workload fields for every scenario"),
  matrix: matrixSchema.default({}),
  scenarios: z.array(scenarioSchema).nonempty({ error: "at least one scenario" }),
});

/** A suite as it is written, in YAML or in a program. */
export type WrittenSuite = z.input<typeof suiteSchema>;
export type WorkloadForm = z.output<typeof workloadSchema>;
export type MatrixForm = z.output<typeof matrixSchema>;
export type ScenarioForm = z.output<typeof scenarioSchema>;

/** The JSON Schema of a suite file, as it is written, in draft 7. */
export function suiteJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(suiteSchema, {
    io: "input",
    target: "draft-07",
    // An address with {topic} in it is none to an editor.
    override({ jsonSchema }) {
      if (jsonSchema.format === "uri") delete jsonSchema.format;
    },
  });
}

/** A quantity between `min` and `max` in its base unit; `range` is how a message states the two. */
function quantity(kind: Quantity, min: number, max: number, range: string) {
  return z.union([z.string(), z.number()], { error: kind.expected }).transform((value, context) => {
    const parsed = kind.parse(value);
    if (parsed !== undefined && parsed >= min && parsed <= max) return parsed;
    const message = parsed === undefined ? `cannot read ${JSON.stringify(value)}` : `${String(value)} is out of range`;
    context.issues.push({ code: "custom", input: value, message, params: { expected: parsed === undefined ? kind.expected : range } });
    return z.NEVER;
  });
}

/** A check as text; its mistakes carry their place in it. */
function check() {
  return z.string({ error: CHECK_EXPECTED }).transform((text, context) => {
    const parsed = parseCheck(text);
    if (!("message" in parsed)) return parsed;
    const { message, ...params } = parsed;
    context.issues.push({ code: "custom", input: text, message, params });
    return z.NEVER;
  });
}

type Field<K extends keyof typeof WORKLOAD_FIELDS> = (typeof WORKLOAD_FIELDS)[K];
type Axes = { [K in keyof typeof WORKLOAD_FIELDS]: z.ZodType<z.output<Field<K>>[], z.input<Field<K>>[]> };

/** Every field as a list of its values. */
function axes(): Axes {
  const lists = Object.entries(WORKLOAD_FIELDS).map(([key, field]) => [
    key,
    z.array<z.ZodType>(field).nonempty({ error: "at least one value" }),
  ]);
  return Object.fromEntries(lists) as Axes;
}
