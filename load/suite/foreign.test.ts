import { expect, test } from "vitest";
import type { Problem, SuiteError } from "../suite-error.ts";

import { parseSuite } from "../suite-file.ts";

const KNOWN = ["sse", "http-stream", "websocket", "polling", "long-polling"].map((transport) => ({ name: `${transport}-node`, transport }));
const PUBLISH = 'publish: { url: "http://127.0.0.1:1/{topic}", body: "{message}" }';

/** A suite of one foreign target, a field a line; its first line is the third. */
const suite = (...fields: readonly string[]): string =>
  [
    "name: s",
    "servers:",
    ...["- name: mine", ...fields].map((field, i) => `  ${i === 0 ? field : `  ${field}`}`),
    "scenarios: [{ name: a }]",
  ].join("\n");

const SSE = ["transport: sse", 'url: "http://127.0.0.1:1/events?channel={topic}"'];
const WEBSOCKET = ["transport: websocket", "url: ws://127.0.0.1:1/"];

function problemsOf(text: string): readonly Problem[] {
  try {
    parseSuite(text, "mine.yaml", KNOWN);
  } catch (error) {
    return (error as SuiteError).problems;
  }
  return [];
}

test("a foreign target has what it is asked and told", () => {
  const text = suite(
    "transport: websocket",
    "url: wss://127.0.0.1/socket?room={topic}",
    "headers: { Sec-WebSocket-Protocol: chat, X-Room: '{topic}', Authorization: 'Bearer {env:PATH}' }",
    `subscribe: ['{"type":"subscribe","channel":"{topic}"}', "{ not one }"]`,
    "answer: { '2': '3' }",
    "publish:",
    "  method: PUT",
    "  url: https://127.0.0.1/publish/{topic}?text={message}",
    "  headers: { Content-Type: application/json }",
    `  body: '{"data":"{message}"}'`,
    "pid: [1, 2]",
    "caFile: ca.pem",
  );
  expect(problemsOf(text)).toEqual([]);
  expect(parseSuite(text, "mine.yaml", KNOWN).servers).toEqual([
    {
      name: "mine",
      transport: "websocket",
      url: "wss://127.0.0.1/socket?room={topic}",
      headers: { "Sec-WebSocket-Protocol": "chat", "X-Room": "{topic}", Authorization: "Bearer {env:PATH}" },
      subscribe: ['{"type":"subscribe","channel":"{topic}"}', "{ not one }"],
      answer: { "2": "3" },
      publish: {
        method: "PUT",
        url: "https://127.0.0.1/publish/{topic}?text={message}",
        headers: { "Content-Type": "application/json" },
        body: '{"data":"{message}"}',
      },
      pid: [1, 2],
      caFile: "ca.pem",
    },
  ]);
});

test.each<[string, readonly string[], Partial<Problem>]>([
  [
    "neither control nor publish",
    [...SSE],
    {
      line: 3,
      column: 5,
      message: "neither publish nor control is there",
      expected: expect.stringContaining("publish, the request that sends one message") as string,
    },
  ],
  [
    "control and publish",
    [...SSE, "control: http://127.0.0.1:2", PUBLISH],
    { line: 7, column: 5, message: "publish and control exclude each other" },
  ],
  [
    "a transport that polls",
    ["transport: long-polling", "url: http://127.0.0.1:1/", PUBLISH],
    {
      line: 4,
      column: 16,
      message: "a server that does not speak the contract cannot be loaded by long-polling: nothing says which messages a poll has had",
    },
  ],
  [
    "a WebSocket by http:",
    ["transport: websocket", "url: http://127.0.0.1:1/", PUBLISH],
    { line: 5, column: 10, message: "transport websocket does not go to http:", expected: "a ws: or wss: address" },
  ],
  [
    "an event stream by ws:",
    ["transport: sse", "url: ws://127.0.0.1:1/", PUBLISH],
    { line: 5, column: 10, message: "transport sse does not go to ws:", expected: "an http: or https: address" },
  ],
  [
    "an event stream by ws: that speaks the contract",
    ["transport: sse", "url: ws://127.0.0.1:1/", "control: http://127.0.0.1:2"],
    { line: 5, column: 10, expected: "an http: or https: address" },
  ],
  [
    "a host that is not allowed",
    ["transport: sse", "url: http://push.example/", PUBLISH],
    { line: 5, column: 10, message: 'host "push.example" is not allowed' },
  ],
  [
    "a host to publish to that is not allowed",
    [...SSE, 'publish: { url: "http://push.example/", body: "{message}" }'],
    { line: 6, column: 21, message: 'host "push.example" is not allowed' },
  ],
  [
    "first frames where there are none",
    [...SSE, "subscribe: hello", PUBLISH],
    { line: 6, column: 5, message: "transport sse sends no frames", expected: "no subscribe, or transport websocket" },
  ],
  [
    "an unknown place in the address",
    ["transport: sse", "url: http://127.0.0.1:1/{chanel}", PUBLISH],
    {
      line: 5,
      column: 29,
      length: 8,
      message: "nothing is known to fill {chanel} with",
      expected: "{topic} here, or a blank behind the brace",
    },
  ],
  [
    "a message where none can be",
    [...WEBSOCKET, "subscribe: ['{message}']", PUBLISH],
    { line: 6, column: 18, message: "nothing is known to fill {message} with" },
  ],
  [
    "an unknown place in the body",
    [...SSE, "publish: { url: 'http://127.0.0.1:1', body: '{message} {msg}' }"],
    { line: 6, message: "nothing is known to fill {msg} with", expected: "{topic} or {message} here, or a blank behind the brace" },
  ],
  [
    "a message that is not published",
    [...SSE, "publish: { url: 'http://127.0.0.1:1', body: hello }"],
    { line: 6, message: "the message is not in what is published", expected: "{message} in body or in url" },
  ],
  [
    "a secret that is not set",
    [...SSE, "headers: { Authorization: 'Bearer {env:PUSHBENCH_NO_SUCH}' }", PUBLISH],
    { line: 6, column: 39, length: 23, message: "PUSHBENCH_NO_SUCH is not set in the environment" },
  ],
  [
    "a secret in an address",
    ["transport: sse", "url: http://me:secret@127.0.0.1:1/", PUBLISH],
    { line: 5, message: "an address with a user name or a password" },
  ],
  [
    "a header that is the protocol's",
    [...SSE, "headers: { Connection: close }", PUBLISH],
    { line: 6, column: 16, message: "header Connection is pushbench's own to set" },
  ],
  ["a header that is none", [...SSE, "headers: { 'a b': c }", PUBLISH], { line: 6, message: '"a b" is no name of a header' }],
  [
    "a header of several lines",
    [...SSE, 'headers: { a: "b\\r\\nc: d" }', PUBLISH],
    { line: 6, message: "a header value holds printable ASCII, on one line" },
  ],
  [
    "a method that has no answer",
    [...SSE, "publish: { method: HEAD, url: 'http://127.0.0.1:1', body: '{message}' }"],
    { line: 6, expected: "a method such as POST or PUT" },
  ],
  ["a process that cannot be", [...SSE, PUBLISH, "pid: 0"], { line: 7, column: 10, expected: "the number of a process" }],
])("%s is a mistake", (_, fields, expected) => {
  const problems = problemsOf(suite(...fields));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject(expected);
});

test("several topics need a place for the topic, with subscribers and with the publisher", () => {
  const text = suite("transport: sse", "url: http://127.0.0.1:1/events", "publish: { url: 'http://127.0.0.1:1', body: '{message}' }");
  expect(problemsOf(text)).toEqual([]);
  const problems = problemsOf(text.replace("{ name: a }", "{ name: a, pattern: topics, topics: 8 }"));
  expect(problems).toMatchObject([
    { line: 5, message: 'scenario "a" has 8 topics, and no {topic} stands here: every subscriber would get all of them' },
    { line: 6, message: 'scenario "a" has 8 topics, and no {topic} stands here: every message would go to the same one' },
  ]);
});

const COMMANDED = ["transport: sse", "url: http://127.0.0.1:0/events", "publish: { url: http://127.0.0.1:0/publish, body: '{message}' }"];

test("a target that is started by its command has port 0 in its addresses", () => {
  expect(problemsOf(suite(...COMMANDED, "command: node server.js"))).toEqual([]);
});

test.each([
  ["without a command nothing listens on port 0", COMMANDED, ["nothing listens on port 0", "nothing listens on port 0"]],
  [
    "with a command no port is known beforehand",
    [
      "transport: sse",
      "url: http://127.0.0.1:8080/events",
      "publish: { url: http://127.0.0.1:0/, body: '{message}' }",
      "command: node server.js",
    ],
    ["a server that is started by its command listens on a port that is chosen then"],
  ],
  [
    "a command starts the processes that are sampled",
    [...COMMANDED, "command: node server.js", "pid: 4"],
    ["pid and command exclude each other"],
  ],
  [
    "a command and the contract's control port exclude each other",
    ["transport: sse", "url: http://127.0.0.1:0/", "control: http://127.0.0.1:0/", "command: node server.js"],
    ["command and control exclude each other"],
  ],
  [
    "a host that is not allowed is none with a command either",
    ["transport: sse", "url: http://example.org:0/", "publish: { url: http://127.0.0.1:0/, body: '{message}' }", "command: node server.js"],
    ['host "example.org" is not allowed'],
  ],
])("%s", (_, fields, messages) => {
  expect(problemsOf(suite(...fields)).map(({ message }) => message)).toEqual(messages);
});
