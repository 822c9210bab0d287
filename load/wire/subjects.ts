/** Test support: every parser of this folder, with valid streams for it and what must be read from them. */
import { constants, deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { createEventStreamParser } from "./event-stream.ts";
import { createResponseParser } from "./http1.ts";
import { createLineStreamParser } from "./line-stream.ts";
import { createPollResponseParser } from "./poll-response.ts";
import { createFrameParser } from "./websocket.ts";

export interface Reading {
  feed(bytes: Buffer, start: number, end: number): void;
  /** What was read so far, as text. */
  readonly seen: string[];
}

function reading(parser: Pick<Reading, "feed">, seen: string[]): Reading {
  return { feed: (bytes, start, end) => parser.feed(bytes, start, end), seen };
}

export interface Subject {
  readonly name: string;
  /** A stream that follows the rules, and what must be read from it. */
  readonly streams: fc.Arbitrary<ValidStream>;
  /** Streams that begin well and then go on for ever without anything being whole: what comes first, and what is repeated. */
  readonly endless: readonly (readonly [begin: string, repeated: string])[];
  /** A fresh parser. */
  read(): Reading;
}

export interface ValidStream {
  readonly bytes: Buffer;
  readonly seen: readonly string[];
}

/** Text as messages hold it: any, but without line ends. */
const line = fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, "x"));
const lineEnd = fc.constantFrom("\n", "\r\n");

const headers = fc.array(fc.tuple(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.stringMatching(/^[ -9;-~]{0,20}$/)), { maxLength: 3 });

function head(status: string, fields: readonly (readonly [string, string])[], end: string): string {
  return [`HTTP/1.1 ${status}`, ...fields.map(([name, value]) => `${name}: ${value}`), "", ""].join(end);
}

/** A body as HTTP/1.1 carries it: with its length, or in chunks, some with an extension. */
const framed = fc.record({
  chunked: fc.boolean(),
  cut: fc.integer({ min: 1, max: 50 }),
  extension: fc.constantFrom("", ";a=b"),
  end: lineEnd,
  headers,
});

function response(
  status: string,
  body: string,
  how: { chunked: boolean; cut: number; extension: string; end: string; headers: [string, string][] },
): Buffer {
  const bytes = Buffer.from(body);
  if (!how.chunked)
    return Buffer.concat([Buffer.from(head(status, [...how.headers, ["Content-Length", String(bytes.length)]], how.end)), bytes]);
  const pieces: Buffer[] = [Buffer.from(head(status, [["Transfer-Encoding", "chunked"], ...how.headers], how.end))];
  for (let at = 0; at < bytes.length; at += how.cut) {
    const chunk = bytes.subarray(at, at + how.cut);
    pieces.push(Buffer.from(`${chunk.length.toString(16)}${how.extension}\r\n`), chunk, Buffer.from("\r\n"));
  }
  return Buffer.concat([...pieces, Buffer.from("0\r\n\r\n")]);
}

const http1: Subject = {
  name: "HTTP/1.1 responses",
  endless: [
    ["HTTP/1.1 200 OK\r\nX: ", "x"],
    ["", "x"],
    ["HTTP/1.1 200 OK\r\n", "a: b\r\n"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", "x"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "a: b\r\n"],
  ],
  streams: fc
    .array(fc.tuple(fc.constantFrom("200 OK", "404 Not Found", "503 "), line, framed, fc.boolean()), { maxLength: 4 })
    .map((answers) => ({
      bytes: Buffer.concat(
        answers.flatMap(([status, body, how, announced]) => [
          Buffer.from(announced ? "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" : ""),
          response(status, body, how),
        ]),
      ),
      seen: answers.map(([status, body]) => `${status.slice(0, 3)} ${Buffer.from(body).toString("latin1")}`),
    })),
  read() {
    const seen: string[] = [];
    let body = "";
    const parser = createResponseParser({
      head: ({ status }) => (body = `${status} `),
      body: (bytes, start, end) => (body += bytes.toString("latin1", start, end)),
      end: () => seen.push(body),
      upgraded: () => {},
    });
    return reading(parser, seen);
  },
};

const eventStream: Subject = {
  name: "event streams",
  endless: [
    ["data: ", "x"],
    ["", "data: x\n"],
    [": ", "x"],
  ],
  streams: fc
    .array(
      fc.tuple(
        fc.constantFrom("", "hello", "update"),
        fc.array(line, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.boolean(),
      ),
    )
    .map((events) => ({
      bytes: Buffer.from(
        events
          .map(([type, data, end, beat]) =>
            [
              ...(beat ? [": beat", ""] : []),
              ...(type === "" ? [] : [`event: ${type}`]),
              ...data.map((text) => `data: ${text}`),
              "id: 7",
              "",
              "",
            ].join(end),
          )
          .join(""),
      ),
      seen: events.map(([type, data]) => `${type === "" ? "message" : type}=${data.join("\n")}`),
    })),
  read() {
    const seen: string[] = [];
    const parser = createEventStreamParser({
      event: (type, bytes, start, end) => seen.push(`${type}=${bytes.toString("utf8", start, end)}`),
    });
    return reading(parser, seen);
  },
};

const lineStream: Subject = {
  name: "streams of lines",
  endless: [["", "x"]],
  streams: fc.array(line).map((lines) => ({ bytes: Buffer.from(lines.map((text) => `${text}\n`).join("")), seen: lines })),
  read() {
    const seen: string[] = [];
    const parser = createLineStreamParser({ line: (bytes, start, end) => seen.push(bytes.toString("utf8", start, end)) });
    return reading(parser, seen);
  },
};

const pollAnswers: Subject = {
  name: "answers to polls",
  endless: [
    ["HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", "x"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n"],
    ["HTTP/1.1 200 OK\r\n\r\n", "x"],
  ],
  streams: fc
    .array(fc.option(fc.tuple(fc.array(line, { maxLength: 5 }), fc.integer({ min: 1, max: 1e9 }), framed)), { maxLength: 4 })
    .map((answers) => ({
      bytes: Buffer.concat(
        answers.map((answer) => {
          if (answer === null) return Buffer.from("HTTP/1.1 204 No Content\r\n\r\n");
          const [messages, next, how] = answer;
          return response("200 OK", JSON.stringify({ next, missed: 0, messages }), how);
        }),
      ),
      seen: answers.flatMap((answer) => (answer === null ? ["nothing"] : [...answer[0], `next ${answer[1]}`])),
    })),
  read() {
    const seen: string[] = [];
    const parser = createPollResponseParser("/poll", {
      message: (bytes, start, end) => seen.push(Buffer.from(bytes.subarray(start, end)).toString()),
      answered: ({ next }) => seen.push(`next ${next}`),
      nothing: () => seen.push("nothing"),
    });
    return reading(parser, seen);
  },
};

/** A frame as a server sends it. */
function frame(opcode: number, payload: Uint8Array, final: boolean): Buffer {
  const { length } = payload;
  const first = (final ? 0x80 : 0) | opcode;
  const header = length < 126 ? [first, length] : [first, 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), payload]);
}

const webSocketFrames = (deflates: boolean): Subject => ({
  name: deflates ? "WebSocket frames with compressed messages" : "WebSocket frames",
  endless: [
    ["\x81\x7f\0\0\0\0\x7f\xff\xff\xff", "x"],
    ["\x01\x01x", "\0\x7d" + "x".repeat(125)],
    ["\x01\0", "\0\0"],
  ],
  streams: fc
    .array(
      fc.oneof(
        fc.record({
          kind: fc.constantFrom("text", "binary"),
          payload: fc.uint8Array({ maxLength: 200 }),
          fragments: fc.integer({ min: 1, max: 4 }),
          deflate: deflates ? fc.boolean() : fc.constant(false),
        }),
        fc.record({
          kind: fc.constantFrom("ping", "pong"),
          payload: fc.uint8Array({ maxLength: 125 }),
          fragments: fc.constant(1),
          deflate: fc.constant(false),
        }),
      ),
    )
    .map((messages) => ({
      bytes: Buffer.concat(
        messages.flatMap(({ kind, payload, fragments, deflate }) => {
          const opcode = { text: 1, binary: 2, ping: 9, pong: 10 }[kind] | (deflate ? 0x40 : 0);
          const carried = deflate ? deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4) : payload;
          const size = Math.ceil(carried.length / fragments);
          return Array.from({ length: fragments }, (_, i) => [
            frame(i === 0 ? opcode : 0, carried.subarray(i * size, (i + 1) * size), i === fragments - 1),
            // Control frames may stand between the fragments of a message.
            ...(i < fragments - 1 ? [frame(9, Buffer.from("between"), true)] : []),
          ]).flat();
        }),
      ),
      seen: messages.flatMap(({ kind, payload, fragments }) => {
        const between = Array.from({ length: fragments - 1 }, () => `ping ${Buffer.from("between").toString("hex")}`);
        const own = Buffer.from(payload).toString("hex");
        if (kind === "pong") return [];
        return [...between, kind === "ping" ? `ping ${own}` : `message ${own}`];
      }),
    })),
  read() {
    const seen: string[] = [];
    const parser = createFrameParser(
      {
        message: (bytes, start, end) => seen.push(`message ${bytes.toString("hex", start, end)}`),
        ping: (payload) => seen.push(`ping ${payload.toString("hex")}`),
        close: (code, reason) => seen.push(`close ${code} ${reason}`),
      },
      deflates,
    );
    return reading(parser, seen);
  },
});

export const SUBJECTS: readonly Subject[] = [http1, eventStream, lineStream, pollAnswers, webSocketFrames(false), webSocketFrames(true)];
