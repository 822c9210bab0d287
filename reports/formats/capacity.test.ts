import { expect, it } from "vitest";
import { fixtureCapacity } from "../fixture-capacity.ts";
import { HOSTILE_NAME } from "../fixture.ts";
import { formatCapacity } from "./capacity.ts";

it("says what was asked, then a line a server", () => {
  expect(formatCapacity(fixtureCapacity().run.capacity, { color: false, width: 400 }).split("\n")).toEqual([
    "connections of broadcast, while delivery_latency_ms.p99 < 100 and messages_lost == 0",
    "websocket-ws  between 200 and 400 connections: delivery_latency_ms.p99 was 134 ms where < 100 was asked",
    "sse-node      at least 100 connections; limited by the generator: a worker's event loop (pid 7) was 91 % busy, more than 80 %",
    "polling-node  less than 100 connections: the server ended; not narrowed further, for the search was stopped",
    "",
  ]);
});

it("breaks long lines below the answer, and lets no hostile name reach the terminal", () => {
  const { capacity } = fixtureCapacity().run;
  const servers = capacity.servers.map((server) => ({ ...server, server: HOSTILE_NAME }));
  const text = formatCapacity({ ...capacity, servers }, { color: false, width: 80 });
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it("says that nothing was searched where nothing was", () => {
  expect(formatCapacity({ ...fixtureCapacity().run.capacity, servers: [] }, { color: false, width: 80 })).toContain(
    "no server was searched",
  );
});
