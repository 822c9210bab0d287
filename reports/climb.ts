/** How far each server was taken where a scenario was tried with several numbers of subscribers, and why it went no further. */
import { plainNumber } from "./figure-text.ts";
import type { Cell, SkippedCell, Summary } from "./summary.ts";

/** Numbers of subscribers from which on there is a course to speak of. */
const LEVELS_OF_A_CLIMB = 3;

/** One scenario at several numbers of subscribers. */
export interface Climb {
  /** Its name without the number of subscribers. */
  readonly scenario: string;
  /** The numbers that some server was tried at, or was to be tried at; upwards. */
  readonly levels: readonly number[];
  /** In natural order. */
  readonly servers: readonly ServerClimb[];
}

export interface ServerClimb {
  readonly server: string;
  /** Upwards. Empty where no trial of it was made. */
  readonly cells: readonly Cell[];
  /** Absent where it ended well, or where the run just ended. */
  readonly stop?: Stop;
}

/** What ended a server's climb. */
export interface Stop {
  /** `stopped` before a trial was made, the others in it. */
  readonly word: "failed" | "interrupted" | "stopped" | "broke";
  readonly subscribers: number;
  readonly reason: string;
}

/** Every scenario that was varied over three numbers of subscribers or more; mostly none. */
export function climbsOf({ cells, skipped }: Summary): Climb[] {
  const scenarios = new Set([...cells, ...skipped].map(({ scenario }) => withoutSubscribers(scenario)));
  return [...scenarios]
    .map((scenario) => climbOf(scenario, cells.filter(isOf(scenario)), skipped.filter(isOf(scenario))))
    .filter(({ levels }) => levels.length >= LEVELS_OF_A_CLIMB);
}

/** The climb that a cell, or a trial that was not made, is a level of. */
export function climbWith(climbs: readonly Climb[], { scenario }: Pick<Cell, "scenario">): Climb | undefined {
  return climbs.find((climb) => climb.scenario === withoutSubscribers(scenario));
}

/** The cells of all servers, server by server, upwards. */
export function cellsOf({ servers }: Climb): Cell[] {
  return servers.flatMap(({ cells }) => cells);
}

export function subscribersOf({ parameters }: Cell): number {
  return Number(parameters["subscribers"]);
}

/** Whether some trial of it was completed. */
export function isMeasured({ failures, trials }: Cell): boolean {
  return failures.length < trials;
}

/** The last cell before the first in which a subscriber, a connection or a message was lost, in any trial; absent where that is the first of all. */
export function heldWithoutLoss({ cells }: ServerClimb): Cell | undefined {
  const loss = cells.findIndex((cell) => !isWhole(cell));
  return loss === -1 ? cells.at(-1) : cells[loss - 1];
}

/** `stopped before 50,000: it does not fit …`. */
export function stopText({ word, subscribers, reason }: Stop): string {
  return `${word} ${word === "stopped" ? "before" : "at"} ${plainNumber(subscribers)}: ${reason}`;
}

/** As the suite's matrix names scenarios: `broadcast,subscribers=1k,rate=10/s`. */
function withoutSubscribers(scenario: string): string {
  return scenario.replace(/,subscribers=[^,]*/, "");
}

function isOf(climb: string): (level: Pick<Cell, "scenario">) => boolean {
  return ({ scenario }) => withoutSubscribers(scenario) === climb;
}

function climbOf(scenario: string, cells: readonly Cell[], skipped: readonly SkippedCell[]): Climb {
  const left = skipped.flatMap(({ server, subscribers, reason }) => (subscribers === undefined ? [] : [{ server, subscribers, reason }]));
  const levels = new Set([...cells.map(subscribersOf), ...left.map(({ subscribers }) => subscribers)]);
  const { compare } = new Intl.Collator("en", { numeric: true });
  const names = new Set([...cells, ...left].map(({ server }) => server));
  const servers = [...names].toSorted(compare).map((name) => {
    const upwards = cells.filter(({ server }) => server === name).toSorted((a, b) => subscribersOf(a) - subscribersOf(b));
    const stop = stopOf(
      upwards,
      left.filter(({ server }) => server === name),
    );
    return { server: name, cells: upwards, ...(stop === undefined ? {} : { stop }) };
  });
  return { scenario, levels: [...levels].toSorted((a, b) => a - b), servers };
}

function stopOf(cells: readonly Cell[], skipped: readonly Omit<Stop, "word">[]): Stop | undefined {
  const top = cells.findLast(isMeasured);
  const beyond: Stop[] = [
    ...cells.filter((cell) => !isMeasured(cell)).map(failureOf),
    ...skipped.map(({ subscribers, reason }) => ({ word: "stopped" as const, subscribers, reason })),
  ];
  const [first] = beyond
    .filter(({ subscribers }) => top === undefined || subscribers > subscribersOf(top))
    .toSorted((a, b) => a.subscribers - b.subscribers);
  return first ?? (top === undefined ? undefined : breachOf(top));
}

function failureOf(cell: Cell): Stop {
  const first = cell.failures.find(({ kind }) => kind !== "interrupted") ?? cell.failures[0]!;
  return { word: first.kind === "interrupted" ? "interrupted" : "failed", subscribers: subscribersOf(cell), reason: first.message };
}

/** A promise that was not kept where there was nothing more to try. */
function breachOf(cell: Cell): Stop | undefined {
  const broken = cell.thresholds.find(({ level, verdict }) => level === "error" && verdict === "fail");
  if (broken === undefined) return undefined;
  const { metric, operator, limit, values } = broken;
  return {
    word: "broke",
    subscribers: subscribersOf(cell),
    reason: `${metric} was ${values.map(plainNumber).join(", ")} where ${metric} ${operator} ${limit} was asked for`,
  };
}

function isWhole(cell: Cell): boolean {
  const { connections_held: held, connections_lost: broken, messages_lost: lost } = cell.metrics;
  if (held === undefined || broken === undefined || lost === undefined) return false;
  return (
    cell.failures.every(({ kind }) => kind === "interrupted") &&
    Math.min(...held.values) >= subscribersOf(cell) &&
    Math.max(...broken.values, ...lost.values) === 0
  );
}
