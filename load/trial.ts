/** One trial: a fresh server, a fresh fleet, all phases in order, and the measurement of it, whatever happened. */
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { TrialTimes } from "./assignment.ts";
import { nowNs } from "./clock.ts";
import { startFleet } from "./fleet/local.ts";
import type { Burden, Fleet } from "./fleet/local.ts";
import { planShares } from "./fleet/shares.ts";
import { connectionsEach } from "./layout.ts";
import { descriptorsPerProcess } from "./machine/limits.ts";
import type { ConnectionStep, Failure, Measurement, Phase } from "./measurement.ts";
import { lookAtStep, stepEnds } from "./trial/connection-steps.ts";
import type { StepsOf } from "./trial/connection-steps.ts";
import { awaitRelease, awaitTaken, baseOf, releaseTimeoutMs } from "./trial/release.ts";
import { present } from "./present.ts";
import { readRoom } from "./trial/room.ts";
import type { Crowd } from "./placement.ts";
import type { TrialPlan } from "./plan.ts";
import { readSockets } from "./sampling/sockets.ts";
import { createSampler } from "./sampling/sampler.ts";
import type { Sampler } from "./sampling/sampler.ts";
import { phaseEndsNs } from "./rate-profile.ts";
import { isCommanded, startCommanded } from "./commanded-target.ts";
import { reachTarget } from "./running-target.ts";
import { startTarget, TargetError } from "./target.ts";
import type { ServerProgram, Target } from "./target.ts";
import type { Scenario } from "./suite.ts";
import { SAMPLE_EARLY_NS, steadinessBetween } from "./trial/cpu-seconds.ts";
import { createTimeline } from "./trial/timeline.ts";
import type { LiveSecond, Timeline } from "./trial/timeline.ts";
import { loadTransport } from "./transport.ts";
import { recordTrial } from "./trial/record.ts";
import type { Gathered, Ran } from "./trial/record.ts";
import { createTrouble, TrialFailure } from "./trial/trouble.ts";
import type { Trouble } from "./trial/trouble.ts";
import { planWarmUp, warmUp } from "./trial/warm-up.ts";

/** Between an order and the first due time, so that every process has heard of it. */
const HEAD_START_MS = 300;
const CONNECT_HEAD_START_MS = 20;
/** How long a message that missed the drain deadline is still listened for, to be called late and not lost. */
const LINGER_MS = 500;
const SAMPLE_EVERY_MS = 1000;
/** What a server does of itself every few seconds stands in the figure of a rest that is at least so long. */
const SETTLE_FIGURE_MS = 5000;
const EXIT_TOLD_WITHIN_MS = 300;

export interface TrialContext {
  /** What is broken on purpose, to see whether the measurement says so. */
  readonly sabotage?: Sabotage;
  /** Aborting it fails the trial as `interrupted`; everything it started is ended all the same. */
  readonly signal: AbortSignal;
  /** What is started in the place of the reference server: another version of it. */
  readonly program?: ServerProgram;
  /** Whose memory is looked at after each step of connections; both ends' unless told. */
  readonly stepsOf?: StepsOf;
  /** Waits until the schedule may begin, and tells that moment, in ns: what is loaded side by side has one clock for its turns. */
  meet?(): Promise<number>;
  onPhase(phase: Phase): void;
  onSecond(second: LiveSecond, connected: number): void;
}

export interface Sabotage extends Burden {
  /** The server that lies in the place of the true one. */
  readonly program?: ServerProgram;
  /** So many times the warm-up is not steady, however it was, and however short. */
  readonly unsteady?: number;
  /** Told when what is due, as soon as it is fixed, and at whom. */
  onTimes?(times: TrialTimes, target: Target): void;
}

/** Runs one trial and returns its measurement; it throws only on a defect of its own. */
export async function runTrial(plan: TrialPlan, context: TrialContext): Promise<Measurement> {
  const gathered: Gathered = {
    startedAt: new Date(),
    events: [],
    library: { name: "", version: "" },
    timeline: undefined,
    sampler: undefined,
    times: undefined,
    phase: "boot",
  };
  const trouble = createTrouble(context.signal);
  const enter = (phase: Phase): void => {
    gathered.phase = phase;
    gathered.events.push({ atNs: nowNs(), kind: "phase", text: phase });
    context.onPhase(phase);
  };
  let booting: Promise<Target> | undefined;
  let fleet: Fleet | undefined;
  try {
    enter("boot");
    booting = bootTarget(plan, trouble, () => gathered.phase, context.sabotage?.program ?? context.program);
    const target = await trouble.or(booting);
    gathered.library = target.library;
    const subscribersPublish = plan.scenario.pattern === "echo";
    const perProcess = Math.floor(descriptorsPerProcess() / connectionsEach(plan.scenario.pattern));
    const shares = planShares(crowdOf(plan.scenario, target), availableParallelism(), perProcess);
    const timeline = createTimeline(shares.workers.length + (shares.probes.length > 0 ? 1 : 0));
    gathered.timeline = timeline;
    let connected = 0;
    fleet = startFleet(shares, subscribersPublish, {
      connecting: (opened) => (connected = opened),
      published: timeline.published,
      failed(failure) {
        // When a server dies its sockets close first and its exit is told a moment later: the exit is the reason to name.
        if (failure.kind === "target") setTimeout(() => trouble.fail(failure), EXIT_TOLD_WITHIN_MS);
        else trouble.fail(failure);
      },
      second(role, report) {
        const live = timeline.received(role, report);
        if (live !== undefined) context.onSecond(live, connected);
      },
    });
    const sampler = createSampler({
      pids: target.pids,
      withChildren: !target.startedHere,
      control: target.controls,
      intervalMs: SAMPLE_EVERY_MS,
      nowNs,
    });
    gathered.sampler = sampler;
    sampler.start();
    const ran = await trouble.or(
      load({
        ...{ plan, target, fleet, sampler, timeline, gathered, enter },
        ...{ signal: trouble.signal, sabotage: context.sabotage, meet: context.meet ?? (async () => nowNs()) },
        stepsOf: context.stepsOf ?? "both ends",
      }),
    );

    enter("stop");
    const [stopNotes] = await Promise.all([target.stop(), fleet.stop(), sampler.stop()]);
    return recordTrial(plan, gathered, { ran: { ...ran, stopNotes } });
  } catch (error) {
    const failure = failureOf(error);
    gathered.events.push({ atNs: nowNs(), kind: "error", text: failure.message });
    return recordTrial(plan, gathered, { failure });
  } finally {
    trouble.over();
    // Also a target that came up just as the trial failed; one that did not has stopped itself.
    const target = await booting?.catch(() => undefined);
    await Promise.all([target?.stop(), fleet?.stop(), gathered.sampler?.stop()]);
  }
}

async function bootTarget({ server, scenario }: TrialPlan, trouble: Trouble, phase: () => Phase, program?: ServerProgram): Promise<Target> {
  const died = (how: string): void => trouble.fail({ kind: "server-exit", message: `${how}, in phase ${phase()}` });
  if (typeof server !== "string") {
    return isCommanded(server) ? startCommanded(server, died, trouble.signal) : reachTarget(server, trouble.signal);
  }
  return startTarget(server, scenario, died, trouble.signal, program);
}

interface Loading {
  readonly plan: TrialPlan;
  readonly target: Target;
  readonly fleet: Fleet;
  readonly sampler: Sampler;
  readonly timeline: Timeline;
  readonly gathered: Gathered;
  /** Aborted when the trial has failed. */
  readonly signal: AbortSignal;
  readonly sabotage: Sabotage | undefined;
  readonly stepsOf: StepsOf;
  meet(): Promise<number>;
  enter(phase: Phase): void;
}

/** A target that runs elsewhere has the instances it has. */
function crowdOf({ subscribers, topics, popularity }: Scenario, { addresses }: Target): Crowd {
  return { subscribers, topics, popularity, instances: addresses.length };
}

/**
 * Connections to one port from one address, from which on the kernel would look long for a free one: it tries the even half of its range
 * first, 14,000 of them by default, and beyond that all of them each time, which made 1 ms of a connect.
 */
const PORTS_SOON_FOUND = 10_000;

/** A connection that is shared, or that is not kept, is left to the kernel. */
function needsOwnPorts(transport: string, { subscribers, connection }: Scenario, { addresses }: Target): boolean {
  const kept = !transport.endsWith("-http2") && connection === "keep-alive";
  return kept && subscribers / addresses.length > PORTS_SOON_FOUND && addresses.every(({ host }) => host.startsWith("127."));
}

/** Of more connections the kernel's counters are not looked at: their text alone took 250 MB of this process at 100,000. */
const SOCKETS_LOOKED_AT = 20_000;

/** Ports of this machine at which only subscribers connect, where these are few enough to be looked at one by one. */
function subscriberPorts({ addresses, foreign, pids }: Target, subscribers: number): number[] {
  const ports = pids.length === 0 || subscribers > SOCKETS_LOOKED_AT ? [] : addresses.map(({ port }) => port);
  return ports.filter((port) => port !== foreign?.publish.address.port);
}

/** Connect, settle, warm up, measure, drain, disconnect, check release. */
async function load({
  plan,
  target,
  fleet,
  sampler,
  timeline,
  gathered,
  signal,
  sabotage,
  stepsOf,
  meet,
  enter,
}: Loading): Promise<Omit<Ran, "stopNotes">> {
  const { scenario } = plan;
  const until = (atNs: number): Promise<void> => delay(Math.max(0, (atNs - nowNs()) / 1e6), undefined, { signal });
  const { capabilities } = await loadTransport(plan.transport, scenario.client);
  // A name of its own: a target that already runs may know topics of earlier trials.
  const topicPrefix = `pb${plan.index}-${gathered.startedAt.getTime().toString(36)}`;
  await fleet.ready();
  // The first sample opens the sampler's own connection to the control port; from the second on it is among the descriptors.
  await sampler.take();
  const base = baseOf(await sampler.take());

  enter("connect");
  const ownPorts = needsOwnPorts(plan.transport, scenario, target);
  const { topics, rate, phases, arrivals, burst, payloadBytes } = scenario;
  const workload = { topics, rate, ...present({ phases }), arrivals, burst, payloadBytes };
  const phaseEnds = phaseEndsNs(phases ?? []);
  const subscribersPublish = scenario.pattern === "echo";
  const publisherConnections = subscribersPublish
    ? 0
    : await fleet.openPublisher({
        controls: target.controls,
        ...(target.foreign === undefined ? {} : { foreign: target.foreign.publish }),
        topicPrefix,
        ...workload,
        seed: plan.seed,
      });
  await fleet.assign(
    {
      transport: plan.transport,
      client: scenario.client,
      addresses: target.addresses,
      topicPrefix,
      crowd: crowdOf(scenario, target),
      pollIntervalMs: scenario.pollIntervalMs,
      pollConnection: scenario.connection,
      streams: scenario.streams,
      compression: scenario.compression,
      ownPorts,
      reconnect: scenario.reconnect,
      reconnectDelayMs: scenario.reconnectDelayMs,
      phaseEndsNs: phaseEnds,
      ...(target.foreign === undefined ? {} : { foreign: target.foreign.subscription }),
      ...(subscribersPublish ? { sending: workload } : {}),
      seed: plan.seed,
    },
    sabotage,
  );
  // The publisher's connections are not the subscribers'.
  const idle = await awaitTaken(sampler, base, publisherConnections, signal);
  const { connectMs, steps } = await openAll({ scenario, target, fleet, sampler, signal, stepsOf });

  enter("settle");
  const settle = await rest(scenario.settleMs, sampler, signal);
  const portsOfSubscribers = subscriberPorts(target, scenario.subscribers);
  const before = await readSockets(portsOfSubscribers, signal);

  // Whole nanoseconds, as the envelope carries them: publisher and subscribers must agree on which message opens the window.
  const startNs = Math.round(await meet()) + HEAD_START_MS * 1e6;
  const zeroNs = startNs + Math.round(scenario.warmupMs * 1e6);
  const endNs = zeroNs + Math.round(scenario.durationMs * 1e6);
  // A poller learns of the last message at its next poll.
  const drainMs = scenario.drainMs + (capabilities.polls ? scenario.pollIntervalMs : 0);
  const first = { startNs, zeroNs, endNs, deadlineNs: endNs + Math.round(drainMs * 1e6) };
  gathered.times = first;
  sampler.align(zeroNs - Math.ceil(scenario.warmupMs / 1000) * 1e9 - SAMPLE_EARLY_NS);
  enter("warm-up");
  const warmUpPlan = planWarmUp(scenario.warmupMs, first, sabotage?.unsteady === undefined ? undefined : true);
  const publishing = fleet.publish(first, warmUpPlan.latestEndNs);
  // Whoever fails meanwhile ends the trial elsewhere; this promise must not be called unhandled then.
  publishing.catch(() => {});
  let unsteady = sabotage?.unsteady ?? 0;
  const { times, ...warmedUp } = await warmUp({
    plan: warmUpPlan,
    times: first,
    until,
    judge: (range) =>
      unsteady-- > 0
        ? { verdict: "not-steady", seconds: 0 }
        : steadinessBetween(range, timeline.told(), sampler.samples, gathered.times!.zeroNs),
    async postpone(later) {
      const heard = await fleet.postpone(later);
      timeline.postpone((later.zeroNs - gathered.times!.zeroNs) / 1e9);
      gathered.times = later;
      enter("warm-up");
      return heard;
    },
  });
  sabotage?.onTimes?.(times, target);
  await until(times.zeroNs);
  // The server's own word may come late, and the next phase ends when it ends: nobody waits for it before the window is over.
  const looks = [sampler.take()];
  enter("measure");
  for (const edgeNs of [...phaseEnds.slice(0, -1).map((ns) => times.zeroNs + ns), times.endNs]) {
    await until(edgeNs);
    looks.push(sampler.take());
  }
  const edges = await Promise.all(looks);
  const publisher = await publishing;

  enter("drain");
  await fleet.drain(publisher.topics, LINGER_MS, times.deadlineNs);
  const answers = await fleet.answers();
  const after = await readSockets(portsOfSubscribers, signal);
  const room = await readRoom(target, ownPorts);

  enter("disconnect");
  const shares = await fleet.disconnect();
  enter("release");
  const release = await awaitRelease(sampler, base, signal, releaseTimeoutMs(scenario.subscribers));
  return {
    publisher,
    answers,
    ...present({ publisherPid: fleet.processes.find(({ role }) => role === "publisher")?.pid }),
    shares,
    room,
    instances: target.addresses.length,
    connectMs,
    steps,
    warmedUp,
    sockets: present({ before, after }),
    ...present({ settle }),
    edges,
    release,
    closedLoop: capabilities.polls && scenario.pollIntervalMs === 0,
    asksAgain: capabilities.asksAgain,
    ...(idle.fds === undefined ? {} : { idleFds: idle.fds }),
    ...(target.foreign === undefined ? {} : { foreignTarget: { name: target.library.name, sampled: target.pids.length > 0 } }),
  };
}

/** Opens all subscribers, at once or step by step; `connectMs` is the time that opening took, without the looks between. */
async function openAll({
  scenario: { subscribers, connectRate: rate, steps: count },
  target,
  fleet,
  sampler,
  signal,
  stepsOf,
}: Pick<Loading, "target" | "fleet" | "sampler" | "signal" | "stepsOf"> & { readonly scenario: Scenario }): Promise<
  Pick<Ran, "connectMs" | "steps">
> {
  const base = await sampler.take();
  const steps: ConnectionStep[] = [];
  let connectMs = 0;
  let from = 0;
  for (const to of stepEnds(subscribers, count)) {
    const startNs = nowNs() + CONNECT_HEAD_START_MS * 1e6;
    const { failed, error, lastOpenedNs } = await fleet.connect({ startNs, rate, from, to });
    if (failed > 0) {
      throw new TrialFailure({
        kind: "connect",
        message: `${failed} of ${subscribers} subscribers could not connect: ${error ?? "no reason given"}`,
      });
    }
    connectMs += (lastOpenedNs - startNs) / 1e6;
    if (count > 1) steps.push(await lookAtStep(to, { base, target, fleet, stepsOf, sampler, signal }));
    from = to;
  }
  return { connectMs, steps };
}

/** Lets the server rest; tells what it needed meanwhile, where that is long enough for a figure. */
async function rest(ms: number, sampler: Sampler, signal: AbortSignal): Promise<Ran["settle"]> {
  if (ms < SETTLE_FIGURE_MS) {
    await delay(ms, undefined, { signal });
    return undefined;
  }
  const from = await sampler.take();
  await delay(ms, undefined, { signal });
  return { from, to: await sampler.take() };
}

function failureOf(error: unknown): Failure {
  if (error instanceof TrialFailure) return error.failure;
  if (error instanceof TargetError) return { kind: "target", message: error.message };
  throw error;
}
