/** Computes for a share of the time, until its channel closes: `neighbour-process.js <share>`. */

/** As other programs do it: not in slivers that fit between two messages, and not for so long that it would be one event. */
const PERIOD_MS = 20;

const share = Number(process.argv[2]);
process.on("disconnect", () => process.exit(0));

function turn(): void {
  const end = performance.now() + share * PERIOD_MS;
  while (performance.now() < end);
  if (share < 1) setTimeout(turn, (1 - share) * PERIOD_MS);
  else setImmediate(turn);
}
turn();
