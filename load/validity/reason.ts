/** One reason to doubt a measurement. */
import type { ValidityReason } from "../measurement.ts";

/** It spoils the whole measurement. */
export function invalid(code: string, message: string, advice: string): ValidityReason {
  return { code, severity: "invalid", message, advice };
}

/** It marks a figure. */
export function warning(code: string, message: string, advice: string): ValidityReason {
  return { code, severity: "warning", message, advice };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
