import { expect, test } from "vitest";
import type { RawSample, Sampler } from "../sampling/sampler.ts";
import { awaitRelease, awaitTaken } from "./release.ts";

/** A sampler that sees these descriptors and connections, one after another, then the last for ever. */
function sampler(...held: readonly { fds: number; connections: number; dropped?: number }[]): Sampler {
  let at = 0;
  return {
    take() {
      const { fds, connections, dropped = 0 } = held[Math.min(at++, held.length - 1)]!;
      return Promise.resolve({ server: { fds }, stats: { connections, droppedForBackpressure: dropped } } as unknown as RawSample);
    },
  } as Sampler;
}

const BASE = { fds: 20, connections: 0, dropped: 1 };
const { signal } = new AbortController();

test("what is given back at once is seen at once", async () => {
  expect(await awaitRelease(sampler({ fds: 20, connections: 0, dropped: 4 }), BASE, signal)).toEqual({
    leakedFds: 0,
    heldConnections: 0,
    droppedForBackpressure: 3,
  });
});

test("it waits for descriptors, and for connections that have none of their own", async () => {
  const held = [
    { fds: 30, connections: 10 },
    { fds: 20, connections: 2 },
    { fds: 20, connections: 0 },
  ];
  const slow = sampler(...held);
  expect(await awaitRelease(slow, BASE, signal)).toMatchObject({ leakedFds: 0 });
});

test("what is not given back in time is leaked, or held where only the server's own count tells", async () => {
  expect(await awaitRelease(sampler({ fds: 23, connections: 0 }), BASE, signal, 250)).toMatchObject({ leakedFds: 3 });
  expect(await awaitRelease(sampler({ fds: 20, connections: 7 }), BASE, signal, 250)).toMatchObject({ leakedFds: 0, heldConnections: 7 });
});

test("where descriptors cannot be read nothing is claimed", async () => {
  expect(await awaitRelease(sampler({ fds: 23, connections: 9 }), {}, signal)).toEqual({});
});

test("a trial that fails meanwhile ends the wait", async () => {
  await expect(awaitRelease(sampler({ fds: 23, connections: 0 }), BASE, AbortSignal.abort())).rejects.toThrow("aborted");
});

test("connections count as taken once the server shows their descriptors, or not at all where it has none", async () => {
  const slow = sampler({ fds: 20, connections: 0 }, { fds: 21, connections: 0 }, { fds: 23, connections: 0 });
  expect(await awaitTaken(slow, BASE, 3, signal)).toMatchObject({ fds: 23 });
  expect(await awaitTaken(sampler({ fds: 20, connections: 0 }), BASE, 3, signal)).toMatchObject({ fds: 20 });
  expect(await awaitTaken(sampler({ fds: 20, connections: 0 }), {}, 3, signal)).toMatchObject({ fds: 20 });
});
