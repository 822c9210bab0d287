/** What the server leaves open, holds on to or cannot tell. */
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { percent, warning } from "./reason.ts";

export function foreignReasons({ foreignTarget }: ValidityFacts): ValidityReason[] {
  if (foreignTarget === undefined) return [];
  const counted = warning(
    "counted_from_first_delivery",
    `counted from the first delivery on: "${foreignTarget.name}" says no hello, so what it missed before that does not show`,
    "see that it is subscribed before the first message: lengthen settle where subscribing takes long",
  );
  const unseen = warning(
    "server_not_sampled",
    `no process of "${foreignTarget.name}" was looked at: no figures of the server, and nobody judged whether it gives its connections back`,
    "name its process in the suite, as pid, where it runs on this machine",
  );
  return foreignTarget.sampled ? [counted] : [counted, unseen];
}

export function silenceReasons({ subscribers, silent }: ValidityFacts): ValidityReason[] {
  if (silent === 0) return [];
  return [
    warning(
      "subscribers_silent",
      `${silent} of ${subscribers} subscribers never got a message`,
      "see that they listen to what is published: the same topic, and a server that hands it on",
    ),
  ];
}

export function serverReasons({ leakedFds, heldConnections, memorySlopeDisagreement, stopNotes }: ValidityFacts): ValidityReason[] {
  return [
    ...(memorySlopeDisagreement !== undefined && memorySlopeDisagreement > LIMITS.memorySlopeDisagreement
      ? [
          warning(
            "memory_slope_unsure",
            `server_memory_per_connection_bytes: least squares and Theil–Sen lie ${percent(memorySlopeDisagreement)} apart, more than ${percent(LIMITS.memorySlopeDisagreement)}: memory did not grow evenly with the connections`,
            "use more subscribers or more steps; if it stays, look at the steps in the measurement",
          ),
        ]
      : []),
    ...(heldConnections !== undefined && heldConnections > 0
      ? [
          warning(
            "connections_held",
            `the server counted ${heldConnections} connections more than before the load, 5 s after everybody had left`,
            "look for connections whose end the server does not see",
          ),
        ]
      : []),
    ...(leakedFds !== undefined && leakedFds > 0
      ? [
          warning(
            "descriptors_leaked",
            `the server held ${leakedFds} descriptors more than before the load, 5 s after everybody had left`,
            "look for connections that the server does not close",
          ),
        ]
      : []),
    ...stopNotes.map((note) => warning("slow_stop", note, "look for what keeps the server from closing")),
  ];
}

export function brokenReasons({ broken, reconnects }: ValidityFacts): ValidityReason[] {
  if (broken === 0) return [];
  return [
    warning(
      "connections_lost",
      `${broken} connections broke while they were to be held, and ${reconnects} were opened again: what was published meanwhile is lost, unless it was asked for`,
      "see which errors.* there are, and why the server closes; reconnect: resume asks for what was missed",
    ),
  ];
}
