import { listenForInterruption } from "./interruption.ts";

/** Does the work until it ends or is interrupted; what it throws of that is the exit code, and nothing else. */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = listenForInterruption((signal) => process.stderr.write(`${signal}: stopping; once more to exit at once\n`));
  try {
    await work(interruption.signal);
  } catch (error) {
    const code = interruption.exitCode();
    if (code === undefined) throw error;
    process.exitCode = code;
  } finally {
    interruption.dispose();
  }
}
