/** Files share a process: what one leaves false of the clock the others would wait for in vain. */
type Clock = ReturnType<typeof clock>;

const place = globalThis as { realClock?: Clock };
/** That of the process, before any test. */
const REAL = (place.realClock ??= clock());

function clock() {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, Date, queueMicrotask } = globalThis;
  return { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, Date, queueMicrotask, now: performance.now };
}

// Before each file and not after it, for Vitest itself gives spies back between two.
const left = clock();
for (const [name, real] of Object.entries(REAL)) {
  if (left[name as keyof Clock] !== real) throw new Error(`a file that ran before in this process has not given back ${name}`);
}
