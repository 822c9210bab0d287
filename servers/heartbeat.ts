/** Beats every `periodMs` until the answer is called; 0 never beats. */
export function startHeartbeat(periodMs: number, beat: () => void): () => void {
  if (periodMs === 0) return () => {};
  const timer = setInterval(beat, periodMs);
  return () => clearInterval(timer);
}
