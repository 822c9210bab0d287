import { expect, test } from "vitest";
import { watchProcess } from "./watched-process.ts";

const never = new AbortController().signal;
const computing = (ms: number): string => `while (process.cpuUsage().user / 1000 < ${ms}) for (let i = 0; i < 1e5; i++);`;

test("CPU time and memory are those of the process", async () => {
  const idle = await watchProcess(["-e", "setTimeout(() => {}, 150)"], never);
  const busy = await watchProcess(
    ["-e", `${computing(700)} const held = Buffer.alloc(200e6, 1); setTimeout(() => held.length, 150)`],
    never,
  );
  expect(busy.cpuMs).toBeGreaterThan(650);
  expect(busy.cpuMs).toBeGreaterThan(idle.cpuMs + 400);
  expect(busy.peakBytes - idle.peakBytes).toBeGreaterThan(190e6);
  expect(busy.wallMs).toBeGreaterThan(650);
});

test("one that fails is told with what it said", async () => {
  await expect(watchProcess(["-e", "console.error('no such luck'); process.exit(3)"], never)).rejects.toThrow(/ended with 3: no such luck/);
});

test("one that is interrupted is ended", async () => {
  const controller = new AbortController();
  const ended = watchProcess(["-e", "setInterval(() => {}, 1000)"], controller.signal);
  controller.abort();
  await expect(ended).rejects.toThrow("aborted");
});
