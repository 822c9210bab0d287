import { expect, test } from "vitest";
import { watching } from "./watching.ts";

/** Work that ends in order, and only when it is told to. */
function untilAborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve("ended in order"), { once: true }));
}

test("an abort stops the work, which ends as it will", async () => {
  const stop = new AbortController();
  const work = watching(stop.signal, ({ signal }) => untilAborted(signal));
  stop.abort();
  expect(await work).toBe("ended in order");
});

test("nothing is begun where it was aborted before", async () => {
  let begun = false;
  const work = watching(AbortSignal.abort(new RangeError("before")), async () => (begun = true));
  await expect(work).rejects.toThrow(new RangeError("before"));
  expect(begun).toBe(false);
});

test.each<[string, (told: number) => unknown]>([
  [
    "throws",
    () => {
      throw new RangeError("mine");
    },
  ],
  ["promises what is refused", () => Promise.reject(new RangeError("mine"))],
])("a listener that %s ends the work in order, hears no more, and has its error thrown then", async (_what, listener) => {
  const told: number[] = [];
  let ended = false;
  const work = watching(undefined, async ({ signal, heard }) => {
    const tell = heard((n: number) => {
      told.push(n);
      return listener(n);
    });
    const end = untilAborted(signal);
    expect(() => tell(1)).not.toThrow();
    await end;
    tell(2);
    ended = true;
  });
  await expect(work).rejects.toThrow(new RangeError("mine"));
  expect([told, ended]).toEqual([[1], true]);
});

test("an abort is not taken for a failure of the listener's, and is no longer listened for at the end", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const added: unknown[] = [];
  const removed: unknown[] = [];
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    added.push(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    removed.push(args[1]);
    removeEventListener.apply(signal, args);
  };
  expect(await watching(signal, async ({ heard }) => heard(undefined)())).toBeUndefined();
  expect(added).toHaveLength(1);
  expect(removed).toEqual(added);
});
