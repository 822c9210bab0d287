import { describe, expect, test } from "vitest";
import { MAX_MESSAGE_BYTES, publishLine } from "./contract.ts";
import { createIngest } from "./ingest.ts";
import { collectGarbage } from "./process-stats.ts";

function listener() {
  const got: [string, string][] = [];
  const ingest = createIngest({
    publish: (topic, payload) => got.push([topic, payload]),
    knows: (topic) => got.some(([known]) => known === topic),
  });
  return { got, ingest };
}

describe("lines", () => {
  const messages: [string, string][] = [
    ["a", "plain"],
    ["b.c_d-E", "grüße 日本語 👋🏽"],
    ["a", ""],
    ["a", "with\ttabs\tinside"],
    ["a", "x".repeat(300)],
  ];
  const body = Buffer.from(messages.map(([topic, payload]) => publishLine(topic, payload)).join(""));

  test("cut at any one place arrive whole", () => {
    for (let cut = 0; cut <= body.length; cut++) {
      const { got, ingest } = listener();
      ingest.write(body.subarray(0, cut));
      ingest.write(body.subarray(cut));
      expect(ingest.end()).toEqual({ published: messages.length, refused: 0 });
      expect(got).toEqual(messages);
    }
  });

  test.each([1, 2, 3, 7])("in chunks of %d bytes arrive whole", (size) => {
    const { got, ingest } = listener();
    for (let at = 0; at < body.length; at += size) ingest.write(body.subarray(at, at + size));
    expect(ingest.end()).toEqual({ published: messages.length, refused: 0 });
    expect(got).toEqual(messages);
  });

  test("are published as soon as their LF is there, the last one at the end of the body", () => {
    const { got, ingest } = listener();
    ingest.write(Buffer.from("t\tone\nt\ttw"));
    expect(got).toEqual([["t", "one"]]);
    ingest.write(Buffer.from("o\nt\tthree"));
    expect(got).toHaveLength(2);
    expect(ingest.end()).toEqual({ published: 3, refused: 0 });
    expect(got[2]).toEqual(["t", "three"]);
  });

  test("of the largest size are taken", () => {
    const { got, ingest } = listener();
    ingest.write(Buffer.from(publishLine("t".repeat(64), "x".repeat(MAX_MESSAGE_BYTES))));
    expect(ingest.end()).toEqual({ published: 1, refused: 0 });
    expect(got[0]![1]).toHaveLength(MAX_MESSAGE_BYTES);
  });
});

describe("refused, with the others going on:", () => {
  const tooLong = "x".repeat(MAX_MESSAGE_BYTES + 1);
  test.each([
    ["no TAB", "no tab\n", "a line without TAB: expected topic, TAB, payload, LF"],
    ["an empty line", "\n", "a line without TAB: expected topic, TAB, payload, LF"],
    ["an empty topic", "\tpayload\n", 'ill-formed topic "": expected 1 to 64 of A-Z a-z 0-9 _ . -'],
    ["a topic with a blank", "a b\tpayload\n", 'ill-formed topic "a b": expected 1 to 64 of A-Z a-z 0-9 _ . -'],
    ["a topic of 65", `${"t".repeat(65)}\tpayload\n`, `ill-formed topic "${"t".repeat(65)}": expected 1 to 64 of A-Z a-z 0-9 _ . -`],
    [
      "a payload too long",
      `t\t${tooLong}\n`,
      `a line of at least ${MAX_MESSAGE_BYTES + 1} bytes: a message has ${MAX_MESSAGE_BYTES} bytes at most`,
    ],
    ["a payload that is not UTF-8", Buffer.from("t\t\xff\xfe\n", "latin1"), 'a payload on topic "t" is not UTF-8'],
  ])("%s", (_what, line, reason) => {
    const bytes = Buffer.concat([Buffer.from("t\tbefore\n"), Buffer.from(line), Buffer.from("t\tafter\n")]);
    for (const chunkSize of [bytes.length, Math.min(5, bytes.length), 65_536].filter((size) => bytes.length / size < 10_000)) {
      const { got, ingest } = listener();
      for (let at = 0; at < bytes.length; at += chunkSize) ingest.write(bytes.subarray(at, at + chunkSize));
      const answer = ingest.end();
      expect(answer).toMatchObject({ published: 2, refused: 1 });
      // Of a line in pieces only so much is known as had come when it was given up.
      expect(answer.reason!.replace(/\d+ bytes:/, "N bytes:")).toBe(reason.replace(/\d+ bytes:/, "N bytes:"));
      expect(got).toEqual([
        ["t", "before"],
        ["t", "after"],
      ]);
    }
  });

  test("the first reason is told of several", () => {
    const { ingest } = listener();
    ingest.write(Buffer.from("no tab\n\tx\n"));
    expect(ingest.end()).toMatchObject({ published: 0, refused: 2, reason: expect.stringContaining("without TAB") as string });
  });
});

test("a line without end is refused once and never held", async () => {
  const { got, ingest } = listener();
  await collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 64; count++) ingest.write(Buffer.alloc(1024 * 1024, "x"));
  await collectGarbage();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  ingest.write(Buffer.from("\nt\tafter\n"));
  expect(ingest.end()).toMatchObject({ published: 1, refused: 1 });
  expect(got).toEqual([["t", "after"]]);
});
