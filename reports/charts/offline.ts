/** What Vega and Vega-Lite are given of the world around a chart: nothing to load, and somebody who hears what they remark. */
import type { compile } from "vega-lite";

/** Vega's loader for charts that have all they need. */
export const OFFLINE = {
  load: () => Promise.reject(new Error("a chart loads nothing")),
  sanitize: () => Promise.reject(new Error("a chart links nowhere")),
  http: () => Promise.reject(new Error("a chart loads nothing")),
  file: () => Promise.reject(new Error("a chart loads nothing")),
};

type Logger = NonNullable<NonNullable<Parameters<typeof compile>[1]>["logger"]>;

/** Vega-Lite's logger: `warn` hears remarks, an error is thrown. */
export function remarksTo(warn: (remark: string) => void): Logger {
  const logger = {
    level: () => logger,
    error: (...remarks: readonly unknown[]) => {
      throw new Error(remarks.join(" "));
    },
    warn: (...remarks: readonly unknown[]) => {
      warn(remarks.join(" "));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
