import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInbox } from "./inbox.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Report = { readonly kind: "ready" } | { readonly kind: "result"; readonly n: number };

test("a message is had whether it came before it was asked for or after, and each once", async () => {
  const inbox = createInbox<Report>(() => {});
  inbox.put({ kind: "result", n: 1 });
  inbox.put({ kind: "result", n: 2 });
  const later = inbox.take("ready");
  inbox.put({ kind: "ready" });
  expect([await inbox.take("result"), await inbox.take("result"), await later]).toEqual([
    { kind: "result", n: 1 },
    { kind: "result", n: 2 },
    { kind: "ready" },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test("what does not come in time is told", async () => {
  const late = vi.fn<(what: string) => void>();
  void createInbox<Report>(late).take("result", 5000);
  await vi.advanceTimersByTimeAsync(4999);
  expect(late).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(late).toHaveBeenCalledExactlyOnceWith('did not report "result" within 5 s');
});

test("time runs anew for a process that is heard to work", async () => {
  const toldLate = vi.fn<(what: string) => void>();
  const inbox = createInbox<Report>(toldLate);
  const late = inbox.take("ready", 5000);
  await vi.advanceTimersByTimeAsync(4000);
  inbox.heard();
  await vi.advanceTimersByTimeAsync(4000);
  inbox.put({ kind: "ready" });
  expect(await late).toEqual({ kind: "ready" });
  expect(toldLate).not.toHaveBeenCalled();
});

test("a closed one leaves no timer behind", () => {
  const inbox = createInbox<Report>(() => {});
  void inbox.take("ready");
  inbox.close();
  void inbox.take("result");
  expect(vi.getTimerCount()).toBe(0);
});
