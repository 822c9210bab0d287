import { expect, test } from "vitest";
import type { Row } from "./row.ts";
import { runSeries } from "./series.ts";

type Verdict = Row["verdict"];

/** Experiments that find these verdicts, one list a try, the last list for ever; and what was told of them, in order. */
async function told(tries: Readonly<Record<string, readonly (readonly Verdict[])[]>>, repeats: number, stopAfter = Infinity) {
  const stop = new AbortController();
  const shown: string[] = [];
  let done = 0;
  const experiments = Object.entries(tries).map(([fault, lists]) => {
    let at = 0;
    return async (): Promise<Row[]> => {
      const verdicts = lists[Math.min(at++, lists.length - 1)]!;
      if (++done === stopAfter) stop.abort();
      return verdicts.map((verdict) => ({ server: "s", fault, metric: "m", unit: "", injected: 1, verdict }));
    };
  });
  const rows = await runSeries(experiments, {
    repeats,
    signal: stop.signal,
    onRow: ({ fault, verdict }) => shown.push(`${fault} ${verdict}`),
  });
  expect(rows.map(({ fault, verdict }) => `${fault} ${verdict}`)).toEqual(shown);
  return { shown, done };
}

test("what was spoiled is done again after the others, and only what it then finds is told", async () => {
  const { shown } = await told({ a: [["holds", "invalid"], ["holds"]], b: [["holds"]], c: [["holds"]] }, 5);
  expect(shown).toEqual(["b holds", "c holds", "a holds"]);
});

test("it is done again only so often, all of them together", async () => {
  const { shown, done } = await told({ a: [["invalid"]], b: [["invalid"]], c: [["holds"]] }, 3);
  expect(done).toBe(6);
  expect(shown).toEqual(["c holds", "b invalid", "a invalid"]);
});

test("what is wrong is not done again, also not where the rest of it was spoiled", async () => {
  const { shown, done } = await told({ a: [["fails", "invalid"], ["holds"]] }, 3);
  expect(done).toBe(1);
  expect(shown).toEqual(["a fails", "a invalid"]);
});

test("it ends with what it has when it is stopped", async () => {
  const { shown, done } = await told({ a: [["holds"]], b: [["holds"]], c: [["holds"]] }, 3, 2);
  expect(done).toBe(2);
  expect(shown).toEqual(["a holds"]);
});
