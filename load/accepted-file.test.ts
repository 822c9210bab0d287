import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseAccepted, readAccepted } from "./accepted-file.ts";
import { SuiteError } from "./suite-error.ts";
import type { TextProblem } from "./suite-error.ts";

const SERVERS = ["sse-node", "websocket-ws"];
const parse = (text: string) => parseAccepted(text, "accepted.yaml", SERVERS);

function problemsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    return (error.problems as readonly TextProblem[]).map(({ line, column, message, expected = "", suggestion }) =>
      [`${line}:${column} ${message}`, expected, ...(suggestion === undefined ? [] : [`${suggestion}?`])].join(" | "),
    );
  }
  return [];
}

const entry = (...lines: string[]) => ["accepted:", "  - server: sse-node", ...lines.map((line) => `    ${line}`)].join("\n");
const RIGHT = ["metric: server_cpu_us_per_delivery", "reason: compression is on", "expires: 2026-12-31"];

describe("a file of accepted regressions", () => {
  it("is read, percent as shares, what is not given absent", () => {
    const text = `${entry(...RIGHT, "scenario: fan-out", "limit: 20%")}
  - { server: websocket-ws, metric: errors.*, reason: "a proxy resets", expires: "2026-02-28" }`;
    expect(parse(text)).toEqual([
      {
        server: "sse-node",
        scenario: "fan-out",
        metric: "server_cpu_us_per_delivery",
        reason: "compression is on",
        expires: "2026-12-31",
        limit: 0.2,
      },
      { server: "websocket-ws", metric: "errors.*", reason: "a proxy resets", expires: "2026-02-28" },
    ]);
    expect(parse("accepted: []")).toEqual([]);
  });

  it("is told all of its problems at once, each with its place and the nearest right word", () => {
    const text = `accepted:
  - server: sse-nod
    metric: server_cpu_us_per_deliver
    reason: " "
    expires: 2026-02-30
    limit: 20
    until: 2026
  - server: websocket-ws
    metric: messages_lost
    reason: known
    expires: 2026-12-31
    limit: 5%
  - metric: host_cpu`;
    expect(problemsOf(text)).toEqual([
      '2:13 unknown server "sse-nod" | one of sse-node, websocket-ws | sse-node?',
      '3:13 unknown metric "server_cpu_us_per_deliver" | a metric that `list` shows and that can get worse, or errors.* | server_cpu_us_per_delivery?',
      '4:13 reason cannot be " " | a text that says something',
      "5:14 expires: no such day | a day as YYYY-MM-DD, such as 2026-12-31",
      "6:12 limit: cannot read 20 | a percentage such as 3% or 25%",
      '7:5 unknown key "until" | one of server, scenario, metric, reason, expires, limit',
      "12:5 messages_lost is a count of what should not happen: a share of it is no limit | no limit here",
      "13:5 server is missing | a text",
      "13:5 reason is missing | a text",
      expect.stringContaining("13:5 expires is missing") as string,
      expect.stringContaining('13:13 unknown metric "host_cpu"') as string,
    ]);
  });

  it("accepts nothing twice", () => {
    const again = entry(...RIGHT)
      .split("\n")
      .slice(1)
      .join("\n");
    expect(problemsOf(`${entry(...RIGHT)}\n${again}`)).toEqual([
      "6:5 the same server, scenario and metric are accepted above already | one entry for each",
    ]);
  });

  it.each([
    ["", "1:1 the file has no value | a map of keys and values"],
    ["accepted", '1:1 the file cannot be "accepted" | a map of keys and values'],
    ["acepted: []", '1:1 unknown key "acepted" | "accepted" | accepted?'],
    ["accepted: {}", "1:11 accepted cannot be a map | a list"],
  ])("that is %j is refused", (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it("that is no YAML is refused with the place", () => {
    expect(problemsOf("accepted: [")[0]).toMatch(/^1:\d+ YAML: /);
  });
});

describe("reading one", () => {
  let folder: string | undefined;
  afterAll(() => folder && rm(folder, { recursive: true, force: true }));

  it("says what is wrong with the path, or reads it", async () => {
    folder = await mkdtemp(join(tmpdir(), "pushbench-accepted-"));
    const path = join(folder, "accepted.yaml");
    await expect(readAccepted(path, SERVERS)).rejects.toThrow(`cannot read accepted regressions "${path}": there is no such file`);
    await expect(readAccepted(folder, SERVERS)).rejects.toThrow("it is a folder");
    await writeFile(path, entry(...RIGHT));
    expect(await readAccepted(path, SERVERS)).toHaveLength(1);
  });
});
