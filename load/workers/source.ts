/** Where the connections of a process come from, where it holds so many that the kernel would look long for a free port. */

/** Below this a port may be somebody's who listens. */
const FIRST_PORT = 10_000;
const LAST_PORT = 65_535;

/**
 * An address of 127.0.0.0/8 that no other process has, and the port of its `n`-th subscriber. A pid has 22 bits (PID_MAX_LIMIT of
 * linux/threads.h), which leave 127.0.0.1 and its neighbours alone. `undefined` once the ports are used up: the kernel may choose for the rest.
 */
export function sourceOf(pid: number, n: number): { readonly host: string; readonly port: number } | undefined {
  if (FIRST_PORT + n > LAST_PORT) return undefined;
  return { host: `127.${64 + ((pid >> 16) & 63)}.${(pid >> 8) & 255}.${pid & 255}`, port: FIRST_PORT + n };
}
