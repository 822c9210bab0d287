/** Who goes first where several processes want the same core. */
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

const { PRIORITY_HIGH } = constants.priority;

/**
 * Puts this process before those of the server and of the other subscribers, where the system lets it (root, or CAP_SYS_NICE). Of the
 * publisher and the probes, which do little and keep the time: a message that is sent or stamped later because a core was taken shows the
 * machine and not the server.
 */
export function goFirst(): void {
  try {
    setPriority(PRIORITY_HIGH);
    // A process that leads a session, as those of the fleet do, is in a group of its own, and Linux weighs the groups (sched(7), autogroup).
    writeFileSync("/proc/self/autogroup", String(PRIORITY_HIGH));
  } catch {
    // Then it waits like the others, and its lag and its turns say so.
  }
}
