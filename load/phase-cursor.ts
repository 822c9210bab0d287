/**
 * Says in which phase of the window a moment lies, in ns from the window's start: the number of the phase, and that of all where the moment
 * lies behind the last. Moments that are asked for one after the other lie close together, so it looks where it found the last one.
 */
export function createPhaseCursor(endsNs: readonly number[]): (ns: number) => number {
  let at = 0;
  return (ns) => {
    while (at > 0 && ns < endsNs[at - 1]!) at--;
    while (at < endsNs.length && ns >= endsNs[at]!) at++;
    return at;
  };
}
