/** The publisher as the process it is, against a control port that writes down what comes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { PublisherOrder, PublisherReport, PublisherResult } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { compiledFile } from "../compiled.ts";
import { createEnvelopeReader } from "../envelope.ts";
import { startChild } from "../fleet/child.ts";
import type { Child } from "../fleet/child.ts";
import { createSchedule } from "../schedule.ts";
import type { Arrivals } from "../schedule.ts";
import { merge } from "../trial/timeline.ts";

const PAYLOAD_BYTES = 100;
const ARRIVALS: Arrivals = { arrivals: "fixed", rate: 200, burst: 1, topics: 1, seed: 1 };
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step();
});

interface Line {
  readonly topic: string;
  readonly number: number;
  readonly sequence: number;
  readonly dueNs: number;
  readonly lagNs: number;
}

type Answers = Extract<PublisherReport, { kind: "answers" }>["answers"];

/** A control port; `lines` are what was published once the publisher has its answer. */
async function startControl(refused = 0, answer?: string) {
  const lines: Line[] = [];
  const envelope = createEnvelopeReader();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1").on("data", (text: string) => (body += text));
    request.on("end", () => {
      for (const line of body.split("\n").slice(0, -1)) {
        const [topic, text] = line.split("\t");
        const bytes = Buffer.from(text!, "latin1");
        if (!envelope.read(bytes, 0, bytes.length)) throw new Error(`no envelope: ${line}`);
        lines.push({ topic: topic!, number: envelope.topic, sequence: envelope.sequence, dueNs: envelope.dueNs, lagNs: envelope.lagNs });
      }
      response.end(answer ?? JSON.stringify({ published: lines.length - refused, refused }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  return { lines, host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

type Meanwhile = (publisher: Child<PublisherOrder>, startNs: number, postponed: () => Promise<boolean>) => Promise<void>;

/** Runs a publisher over a schedule of `warmupMs` and `durationMs`; `meanwhile` is called once it has been told to publish. */
async function publish(
  controls: readonly { host: string; port: number }[],
  { warmupMs = 100, durationMs = 300, ...given }: Partial<Arrivals> & { warmupMs?: number; durationMs?: number },
  meanwhile: Meanwhile = async () => {},
): Promise<{ result: PublisherResult; answers: Answers; startNs: number }> {
  const heard: Record<string, (report: PublisherReport) => void> = {};
  const hear = <K extends PublisherReport["kind"]>(kind: K): Promise<Extract<PublisherReport, { kind: K }>> =>
    new Promise((resolve) => (heard[kind] = resolve as (report: PublisherReport) => void));
  const ready = hear("ready");
  const failed = hear("failed").then(({ message }) => Promise.reject(new Error(message)));
  failed.catch(() => {});
  const publisher = startChild<PublisherOrder, PublisherReport>({
    name: "publisher",
    file: compiledFile("load/workers/publisher.ts"),
    report: (report) => heard[report.kind]?.(report),
    died(how) {
      throw new Error(how);
    },
  });
  cleanUp.unshift(() => publisher.stop());
  await ready;
  const connected = hear("connected");
  publisher.tell({ kind: "assign", assignment: { controls, topicPrefix: "t", ...ARRIVALS, ...given, payloadBytes: PAYLOAD_BYTES } });
  await Promise.race([connected, failed]);
  const published = hear("published");
  const startNs = nowNs() + 50e6;
  const zeroNs = startNs + warmupMs * 1e6;
  const endNs = zeroNs + durationMs * 1e6;
  const answered = hear("answers");
  publisher.tell({ kind: "publish", times: { startNs, zeroNs, endNs, deadlineNs: endNs }, latestEndNs: endNs + 1e9 });
  await meanwhile(publisher, startNs, async () => {
    const heardIt = hear("postponed");
    publisher.tell({ kind: "postpone", times: { startNs, zeroNs: zeroNs + 300e6, endNs: endNs + 300e6, deadlineNs: endNs + 300e6 } });
    return (await heardIt).inTime;
  });
  const { result } = await Promise.race([published, failed]);
  const { answers } = await Promise.race([answered, failed]);
  return { result, answers, startNs };
}

test("every message of the schedule is sent once, in order, with its due time", async () => {
  const control = await startControl();
  const { result, answers, startNs } = await publish([control], { topics: 3 });
  expect(result.whole).toEqual({ intended: 80, published: 80 });
  expect(result.window).toEqual({ intended: 60, published: 60 });
  expect(result.unsent).toBe(0);
  expect(answers).toEqual([{ published: 80, refused: 0 }]);
  expect(control.lines).toHaveLength(80);
  for (const [n, line] of control.lines.entries()) {
    expect(line).toMatchObject({ topic: `t-${n % 3}`, number: n % 3, sequence: Math.floor(n / 3) + 1 });
    expect(Math.abs(line.dueNs - (startNs + n * 5e6))).toBeLessThanOrEqual(2);
  }
  // 20 messages of warm-up over three topics: 7, 7 and 6.
  expect(result.topics.map(({ window }) => window)).toEqual([
    { first: 8, last: 27 },
    { first: 8, last: 27 },
    { first: 7, last: 26 },
  ]);
});

test.each(["poisson", "burst"] as const)("%s arrivals are published when they are due, every one of them", async (arrivals) => {
  const control = await startControl();
  const given = { ...ARRIVALS, arrivals, burst: arrivals === "burst" ? 10 : 1, seed: 7 };
  const { result, startNs } = await publish([control], given);
  const schedule = createSchedule(given, 400e6);
  expect(result.whole).toEqual({ intended: schedule.count, published: schedule.count });
  expect(result.window.published / result.window.intended).toBe(1);
  expect(control.lines).toHaveLength(schedule.count);
  for (const [n, line] of control.lines.entries()) expect(Math.abs(line.dueNs - (startNs + schedule.dueAt(n)))).toBeLessThanOrEqual(2);
});

test("a publisher that was held up sends what is due at once, keeps the due times, and says how late it was", async () => {
  const control = await startControl();
  let stoppedNs = 0;
  let heldMs = 0;
  const { result, startNs } = await publish([control], { warmupMs: 0, durationMs: 600 }, async (publisher, start) => {
    while (nowNs() < start + 100e6) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(publisher.pid, "SIGSTOP");
    stoppedNs = nowNs();
    while (nowNs() < stoppedNs + 200e6) await new Promise((resolve) => setTimeout(resolve, 5));
    heldMs = (nowNs() - stoppedNs) / 1e6;
    process.kill(publisher.pid, "SIGCONT");
  });
  expect(result.window).toEqual({ intended: 120, published: 120 });
  for (const [n, line] of control.lines.entries()) expect(Math.abs(line.dueNs - (startNs + n * 5e6))).toBeLessThanOrEqual(2);
  const lag = merge([result.lag]);
  expect(lag.count).toBe(120);
  // To the histogram's three digits.
  expect(Math.abs(lag.quantile(1)! / Math.max(...control.lines.map(({ lagNs }) => lagNs)) - 1)).toBeLessThan(1e-3);
  // Those due while it was held (well inside, for the signals take a moment) were sent together when it went on.
  const held = control.lines.filter(({ dueNs }) => dueNs > stoppedNs + 10e6 && dueNs < stoppedNs + heldMs * 1e6 - 10e6);
  expect(held.length).toBeGreaterThanOrEqual(35);
  for (const { dueNs, lagNs } of held) {
    expect(dueNs + lagNs).toBeGreaterThanOrEqual(stoppedNs + heldMs * 1e6);
    expect(dueNs + lagNs).toBe(held[0]!.dueNs + held[0]!.lagNs);
  }
});

test("a window that is postponed before it begins moves, and the schedule goes on", async () => {
  const control = await startControl();
  let inTime = false;
  const { result, startNs } = await publish([control], { warmupMs: 200 }, async (_, start, postponed) => {
    while (nowNs() < start + 50e6) await new Promise((resolve) => setTimeout(resolve, 5));
    inTime = await postponed();
  });
  expect(inTime).toBe(true);
  expect(result.whole).toEqual({ intended: 160, published: 160 });
  expect(result.window).toEqual({ intended: 60, published: 60 });
  expect(result.topics[0]!.window).toEqual({ first: 101, last: 160 });
  for (const [n, line] of control.lines.entries()) expect(Math.abs(line.dueNs - (startNs + n * 5e6))).toBeLessThanOrEqual(2);
});

test("a window that has begun stays where it is, and the publisher says so", async () => {
  const control = await startControl();
  let inTime = true;
  const { result } = await publish([control], { warmupMs: 20, durationMs: 300 }, async (_, start, postponed) => {
    while (nowNs() < start + 60e6) await new Promise((resolve) => setTimeout(resolve, 5));
    inTime = await postponed();
  });
  expect(inTime).toBe(false);
  expect(result.window).toEqual({ intended: 60, published: 60 });
});

test("every instance gets every message, and its answer is reported", async () => {
  const controls = [await startControl(), await startControl(2)];
  const { answers } = await publish(controls, {});
  expect(controls.map(({ lines }) => lines.length)).toEqual([80, 80]);
  expect(answers).toEqual([
    { published: 80, refused: 0 },
    { published: 78, refused: 2 },
  ]);
});

test.each(["OK", '{"ok":true}', "null"])("an answer that says nothing (%s) is none", async (answer) => {
  const control = await startControl(0, answer);
  const { result, answers } = await publish([control], {});
  expect(result.window.published).toBe(60);
  expect(answers).toEqual([undefined]);
});

test("a control port that is not there is named", async () => {
  const control = await startControl();
  await cleanUp.pop()!();
  await expect(publish([control], {})).rejects.toThrow(`control port 127.0.0.1:${control.port}`);
});
