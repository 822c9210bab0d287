import { expect, test } from "vitest";
import { readRoom, roomUsed } from "./room.ts";

const sample = (fds: number) => ({ server: { cpuNs: 0, threads: 1, fds } });

test("the most of all samples counts, by process and by port", () => {
  const room = { serverDescriptors: 1000, generatorDescriptors: 2000, ports: { of: 500, taken: 200 } };
  const samples = [sample(20), sample(620), sample(420)];
  expect(roomUsed({ room, samples, instances: 2, idleFds: 20, generator: [{ fds: 310 }, {}, { fds: 305 }] })).toEqual([
    { what: "descriptors of a server process", used: 310, of: 1000 },
    { what: "descriptors of a generator process", used: 310, of: 2000 },
    { what: "ports of a client address", used: 300, of: 500 },
  ]);
});

test("a port whose connection has ended is taken too", () => {
  const room = { generatorDescriptors: 2000, ports: { of: 500, taken: 450 } };
  expect(roomUsed({ room, samples: [sample(120)], instances: 1, idleFds: 20, generator: [] })).toContainEqual({
    what: "ports of a client address",
    used: 450,
    of: 500,
  });
});

test("what has no limit that can be read is left out", () => {
  const used = roomUsed({ room: { generatorDescriptors: 100 }, samples: [], instances: 1, generator: [] });
  expect(used).toEqual([{ what: "descriptors of a generator process", used: 0, of: 100 }]);
});

test("the limits are those of the kernel and of the process", async () => {
  const room = await readRoom({ pids: [process.pid], addresses: [] }, false);
  expect(room.generatorDescriptors).toBeGreaterThan(0);
  expect(room.serverDescriptors).toBe(room.generatorDescriptors);
  expect(room.ports!.of).toBeGreaterThan(0);
  expect(room.ports!.taken).toBe(0);
});

test("where each worker has ports of its own they are no limit", async () => {
  expect(await readRoom({ pids: [process.pid], addresses: [] }, true)).not.toHaveProperty("ports");
});
