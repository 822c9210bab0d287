/** What textbooks say that trials show. */
import { plainNumber } from "../figure-text.ts";
import { isLess, SAME } from "../statistics.ts";
import type { Spread } from "../statistics.ts";
import { open } from "./claim.ts";
import type { Claim, Evidence } from "./claim.ts";

/** How far from a half, as a share of the interval, a mean may lie. */
const NEAR_HALF = 0.1;

/** As a share of the interval: so late a publisher may be. */
const NEGLIGIBLE = 0.02;

interface Told {
  readonly holds: boolean;
  readonly text: string;
}

/** Scenario by scenario, where it can be told. */
function overScenarios(tell: (scenario: string, evidence: Evidence) => Told | undefined): Claim["judge"] {
  return (evidence) => {
    const told = evidence.scenarios.flatMap((scenario) => {
      const found = tell(scenario, evidence);
      return found === undefined ? [] : [{ scenario, ...found }];
    });
    if (told.length === 0) return open("no valid trial has the figures");
    const holding = told.filter(({ holds }) => holds).length;
    return {
      verdict: holding === told.length ? "holds" : holding === 0 ? "fails" : "part",
      measured: told.map(({ scenario, text }) => (told.length === 1 ? text : `${scenario}: ${text}`)).join("; "),
    };
  };
}

/** By one metric of two servers, where both have it: of valid cells alone, or counted. */
function ofTwo(
  [one, other]: readonly [one: string, other: string],
  name: string,
  from: "metric" | "counted",
  tell: (one: Spread, other: Spread) => Told,
): Claim["judge"] {
  return overScenarios((scenario, evidence) => {
    const [a, b] = [evidence[from](scenario, one, name), evidence[from](scenario, other, name)];
    return a === undefined || b === undefined ? undefined : tell(a, b);
  });
}

export const fewerRequests: Claim = {
  says: "Long polling needs fewer requests than polling for the same messages.",
  judge: ofTwo(["long-polling-node", "polling-node"], "requests_per_delivery", "counted", (held, asked) => ({
    holds: isLess(held, asked),
    text: `${figure(held)} requests a message against ${figure(asked)}`,
  })),
};

export const halfTheInterval: Claim = {
  says: "Polling delivers half its interval late, on average.",
  judge: overScenarios((scenario, { counted, parameter }) => {
    const latency = counted(scenario, "polling-node", "delivery_latency_ms.p50");
    const interval = parameter(scenario, "pollIntervalMs");
    if (latency === undefined || interval === undefined || interval === 0) return undefined;
    // A machine that made the cell invalid by some ms does not move what is held to a tenth of the interval.
    const lag = counted(scenario, "polling-node", "publish_lag_ms.p95");
    if (lag === undefined || lag.high > NEGLIGIBLE * interval) return undefined;
    const share = latency.median / interval;
    return {
      holds: Math.abs(share - 0.5) <= NEAR_HALF,
      text: `median ${figure(latency)} ms at an interval of ${plainNumber(interval)} ms, ${Math.round(share * 100)} % of it`,
    };
  }),
};

export const oneConnection: Claim = {
  says: "SSE over HTTP/2 carries all streams of a client on one TCP connection; over HTTP/1.1 each takes a descriptor of its own.",
  judge: ofTwo(["sse-node", "sse-http2-node"], "server_fds_per_connection", "counted", (each, shared) => ({
    holds: Math.abs(each.median - 1) <= SAME && shared.median < 0.1,
    text: `${figure(each)} descriptors a stream over HTTP/1.1, ${figure(shared)} over HTTP/2`,
  })),
};

export const dearerSockets: Claim = {
  says: "WebSocket takes more of the server than SSE where messages go one way.",
  judge: ofTwo(["websocket-ws", "sse-node"], "server_cpu_us_per_delivery", "metric", (socket, events) => ({
    holds: isLess(events, socket),
    text: `${figure(socket)} µs of CPU a message against ${figure(events)}`,
  })),
};

function figure({ median }: Spread): string {
  return plainNumber(median);
}
