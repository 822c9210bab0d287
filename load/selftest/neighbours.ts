/** Processes that compute beside a measurement, as other work on the machine does. */
import { compiledFile } from "../compiled.ts";
import { startChild } from "../fleet/child.ts";

export interface Neighbours {
  stop(): Promise<void>;
}

/** Starts so many, each busy for that share of the time. One that dies takes nothing else with it. */
export function startNeighbours(count: number, share: number): Neighbours {
  const children = Array.from({ length: count }, () =>
    startChild({
      name: "neighbour",
      file: compiledFile("load/selftest/neighbour-process.ts"),
      args: [String(share)],
      died() {},
      report() {},
    }),
  );
  // Nobody reads what they might say.
  for (const { firstLine } of children) firstLine.catch(() => {});
  return {
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}
