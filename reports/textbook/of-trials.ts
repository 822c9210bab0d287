/** What textbooks say that trials show. */
import { plainNumber } from "../figure-text.ts";
import type { Spread } from "../statistics.ts";
import { open } from "./claim.ts";
import type { Claim, Evidence, Finding } from "./claim.ts";

/** Closer than this, as a share, two medians are the same. */
const SAME = 0.03;
/** How far from a half, as a share of the interval, a mean may lie. */
const NEAR_HALF = 0.1;

/** As a share of the interval: so late a publisher may be. */
const NEGLIGIBLE = 0.02;

interface Told {
  readonly holds: boolean;
  readonly text: string;
}

/** Scenario by scenario, where it can be told. */
function overScenarios(
  { scenarios, ...evidence }: Evidence,
  tell: (scenario: string, evidence: Omit<Evidence, "scenarios">) => Told | undefined,
): Finding {
  const told = scenarios.flatMap((scenario) => {
    const found = tell(scenario, evidence);
    return found === undefined ? [] : [{ scenario, ...found }];
  });
  if (told.length === 0) return open("no valid trial has the figures");
  const holding = told.filter(({ holds }) => holds).length;
  return {
    verdict: holding === told.length ? "holds" : holding === 0 ? "fails" : "part",
    measured: told.map(({ scenario, text }) => (told.length === 1 ? text : `${scenario}: ${text}`)).join("; "),
  };
}

export const fewerRequests: Claim = {
  says: "Long polling needs fewer requests than polling for the same messages.",
  judge: (evidence) =>
    overScenarios(evidence, (scenario, { counted }) => {
      const [held, asked] = ["long-polling-node", "polling-node"].map((server) => counted(scenario, server, "requests_per_delivery"));
      if (held === undefined || asked === undefined) return undefined;
      return { holds: isLess(held, asked), text: `${figure(held)} requests a message against ${figure(asked)}` };
    }),
};

export const halfTheInterval: Claim = {
  says: "Polling delivers half its interval late, on average.",
  judge: (evidence) =>
    overScenarios(evidence, (scenario, { counted, parameter }) => {
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
  judge: (evidence) =>
    overScenarios(evidence, (scenario, { counted }) => {
      const [each, shared] = ["sse-node", "sse-http2-node"].map((server) => counted(scenario, server, "server_fds_per_connection"));
      if (each === undefined || shared === undefined) return undefined;
      return {
        holds: Math.abs(each.median - 1) <= SAME && shared.median < 0.1,
        text: `${figure(each)} descriptors a stream over HTTP/1.1, ${figure(shared)} over HTTP/2`,
      };
    }),
};

export const dearerSockets: Claim = {
  says: "WebSocket takes more of the server than SSE where messages go one way.",
  judge: (evidence) =>
    overScenarios(evidence, (scenario, { metric }) => {
      const [socket, events] = ["websocket-ws", "sse-node"].map((server) => metric(scenario, server, "server_cpu_us_per_delivery"));
      if (socket === undefined || events === undefined) return undefined;
      return { holds: isLess(events, socket), text: `${figure(socket)} µs of CPU a message against ${figure(events)}` };
    }),
};

/** By more than chance or a trifle. */
function isLess(a: Spread, b: Spread): boolean {
  if (a.median >= b.median * (1 - SAME)) return false;
  return a.interval === "none" || b.interval === "none" || a.high < b.low;
}

function figure({ median }: Spread): string {
  return plainNumber(median);
}
