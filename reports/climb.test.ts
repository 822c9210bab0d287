import { describe, expect, it } from "vitest";
import type { Measurement } from "../load/measurement.ts";
import { climbsOf, heldWithoutLoss, stopText } from "./climb.ts";
import type { ServerClimb } from "./climb.ts";
import { climbFindings } from "./climb-finding.ts";
import { BROKE, CLIMB_LEVELS, climbReport } from "./fixture-climb.ts";
import type { ClimbOptions } from "./fixture-climb.ts";
import { failed, fixtureReport, fixtureScenario, invalid } from "./fixture.ts";

function climbOf(options: ClimbOptions = {}) {
  return climbsOf(climbReport(options).summary)[0]!;
}

function serverOf(server: string, options: ClimbOptions = {}): ServerClimb {
  return climbOf(options).servers.find((other) => other.server === server)!;
}

/** Alters one server at one number of subscribers. */
function at(server: string, subscribers: number, alter: (m: Measurement) => Measurement): NonNullable<ClimbOptions["alter"]> {
  return (m) => (m.trial.server === server && m.scenario.subscribers === subscribers ? alter(m) : m);
}

function having(metrics: Readonly<Record<string, number>>): (m: Measurement) => Measurement {
  return (m) => ({ ...m, metrics: { ...m.metrics, ...metrics } });
}

describe("climbsOf", () => {
  it("has the levels upwards as numbers, whatever the order of their names", () => {
    const climb = climbOf();
    expect([climb.scenario, climb.levels]).toEqual(["broadcast", CLIMB_LEVELS]);
    expect(climb.servers.map(({ server, cells }) => [server, cells.map(({ parameters }) => parameters["subscribers"])])).toEqual([
      ["sse-node", [500, 2_000]],
      ["websocket-uws", [500, 2_000, 5_000]],
    ]);
  });

  it("counts no fewer than three numbers of subscribers as a climb", () => {
    expect(climbsOf(climbReport({ levels: [500, 2_000], stopped: {} }).summary)).toEqual([]);
    expect(climbsOf(fixtureReport({ scenarios: ["a", "b", "c"].map((name) => fixtureScenario({ name })) }).summary)).toEqual([]);
  });

  it("keeps what else the matrix varied apart", () => {
    const scenarios = [1, 10].flatMap((rate) =>
      CLIMB_LEVELS.map((subscribers) =>
        fixtureScenario({ name: `broadcast,subscribers=${subscribers},rate=${rate}/s`, subscribers, rate: 1 }),
      ),
    );
    const { summary } = fixtureReport({ scenarios, servers: [{ name: "sse-node", transport: "sse", latencyMs: 1 }] });
    expect(climbsOf(summary).map(({ scenario, servers }) => [scenario, servers[0]!.cells.length])).toEqual([
      ["broadcast,rate=1/s", 3],
      ["broadcast,rate=10/s", 3],
    ]);
  });
});

describe("what ended a server's climb", () => {
  it("is nothing where every level was made", () => {
    expect(serverOf("websocket-uws").stop).toBeUndefined();
  });

  it("is the reason of the lowest trial that was not made", () => {
    const { stop } = serverOf("sse-node", { stopped: { "sse-node": [2_000, BROKE] } });
    expect(stop).toEqual({ word: "stopped", subscribers: 2_000, reason: BROKE });
    expect(stopText(stop!)).toBe(`stopped before 2,000: ${BROKE}`);
  });

  it("is the failure, where one stands below what was not made", () => {
    const { stop } = serverOf("sse-node", { alter: at("sse-node", 2_000, (m) => failed(m)) });
    expect(stopText(stop!)).toBe("failed at 2,000: server exited with signal SIGKILL");
  });

  it("is an interruption, which is no failure", () => {
    const alter = at("websocket-uws", 5_000, (m) => ({
      ...failed(m),
      status: "partial",
      failure: { kind: "interrupted", message: "stopped by Ctrl-C" },
    }));
    expect(serverOf("websocket-uws", { alter }).stop?.word).toBe("interrupted");
  });

  it("is no failure that a higher level has outlived", () => {
    expect(serverOf("websocket-uws", { alter: at("websocket-uws", 2_000, (m) => failed(m)) }).stop).toBeUndefined();
  });

  it("is the threshold that broke where nothing more was asked for", () => {
    const thresholds = [{ metric: "connections_lost", operator: "==", limit: 0, level: "error" }] as const;
    const alter = at("websocket-uws", 5_000, (m) => having({ connections_lost: 7 })({ ...m, scenario: { ...m.scenario, thresholds } }));
    expect(stopText(serverOf("websocket-uws", { alter }).stop!)).toBe(
      "broke at 5,000: connections_lost was 7 where connections_lost == 0 was asked for",
    );
  });

  it("is there for a server of which no trial was made", () => {
    const server = serverOf("sse-node", { stopped: { "sse-node": [500, "it does not fit"] } });
    expect([server.cells, server.stop?.subscribers]).toEqual([[], 500]);
  });
});

describe("what a server held without a loss", () => {
  const levels = (options: ClimbOptions) => heldWithoutLoss(serverOf("websocket-uws", options))?.parameters["subscribers"];

  it.each([
    ["nothing is lost", {}, 5_000],
    ["a connection is lost at the top", { alter: at("websocket-uws", 5_000, having({ connections_lost: 1 })) }, 2_000],
    ["a message is lost at the top", { alter: at("websocket-uws", 5_000, having({ messages_lost: 1 })) }, 2_000],
    ["fewer are held at the top", { alter: at("websocket-uws", 5_000, having({ connections_held: 4_999 })) }, 2_000],
    ["the middle is lossy and the top is not", { alter: at("websocket-uws", 2_000, having({ connections_lost: 1 })) }, 500],
    [
      "the middle and the top are lossy",
      { alter: (m) => (m.trial.server === "websocket-uws" && m.scenario.subscribers > 500 ? having({ messages_lost: 1 })(m) : m) },
      500,
    ],
    ["the first level is lossy", { alter: at("websocket-uws", 500, having({ messages_lost: 1 })) }, undefined],
    ["a trial of the top failed", { alter: at("websocket-uws", 5_000, (m) => failed(m)) }, 2_000],
    ["a cell is invalid", { alter: at("websocket-uws", 5_000, invalid) }, 5_000],
  ] satisfies [string, ClimbOptions, number | undefined][])("where %s", (_, options, held) => {
    expect(levels(options)).toBe(held);
  });

  it("is judged by the worst trial", () => {
    const alter: ClimbOptions["alter"] = (m) =>
      m.scenario.subscribers === 5_000 && m.trial.repetition === 2 ? having({ messages_lost: 1 })(m) : m;
    expect(levels({ trials: 3, alter })).toBe(2_000);
  });
});

describe("the findings of a climb", () => {
  it("are who held the most and what a connection takes, each at its own top", () => {
    expect(climbFindings(climbOf())).toEqual([
      "websocket-uws held 5,000 connections without a loss, the most that was asked for; sse-node 2,000",
      "A connection takes 2 KiB with websocket-uws (up to 5,000), the least of the server's memory, and 9 KiB with sse-node (up to 2,000), the most",
    ]);
  });

  it("take no memory from an invalid cell, and say nothing of a server that was not tried", () => {
    const stopped = { "sse-node": [500, "it does not fit"] } as const;
    const alter = at("websocket-uws", 5_000, (m) => invalid(having({ server_memory_per_connection_bytes: 1 })(m)));
    expect(climbFindings(climbOf({ stopped, alter }))).toEqual([
      "websocket-uws held 5,000 connections without a loss, the most that was asked for",
      "A connection takes 2 KiB with websocket-uws of the server's memory",
    ]);
  });

  it("say who lost something at once", () => {
    const alter = at("sse-node", 500, having({ connections_lost: 1 }));
    expect(climbFindings(climbOf({ alter }))[0]).toMatch(/; sse-node fewer than 500$/);
  });

  it("are none without the counts", () => {
    const alter = (m: Measurement): Measurement => ({ ...m, metrics: { messages_lost: 0 } });
    expect(climbFindings(climbOf({ alter }))).toEqual([]);
  });
});
