import { compiledFile } from "../compiled.ts";
import type { SubscriberOrder, SubscriberReport } from "../assignment.ts";
import { startChild } from "../fleet/child.ts";
import { createProcessReader } from "../sampling/process.ts";

/** RSS of a worker's process that is ready for its first order, in bytes; absent where the kernel does not tell. */
export async function idleWorkerBytes(): Promise<number | undefined> {
  let ready: () => void;
  let died: (error: Error) => void;
  const started = new Promise<void>((resolve, reject) => ([ready, died] = [resolve, reject]));
  const child = startChild<SubscriberOrder, SubscriberReport>({
    name: "subscribers worker",
    file: compiledFile("load/workers/subscriber.ts"),
    report: ({ kind }) => (kind === "ready" ? ready() : undefined),
    died: (how) => died(new Error(how)),
  });
  try {
    await started;
    return createProcessReader(child.pid).read()?.rssBytes;
  } finally {
    await child.stop();
  }
}
