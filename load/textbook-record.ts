/** What was measured, beside the trials, of what textbooks say; whether they are right is the reports' to judge. */

export interface ExperimentRecord {
  readonly name: ExperimentName;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** By names of the experiment's own; what could not be had is absent. */
  readonly figures: Readonly<Record<string, number>>;
  /** Why there are no figures. */
  readonly failure?: string;
}

export type ExperimentName =
  | "websocket-frames"
  | "poll-headers"
  | "coming-back"
  | "connection-per-poll"
  | "descriptors-exhausted"
  | "round-trips"
  | "closed-event-sources"
  | "browser-streams";
