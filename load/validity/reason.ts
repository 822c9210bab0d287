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

/** What is more than its limit, with two decimals or as many as it takes to read so: 1.004 beside a limit of 1.00. */
export function beyond(value: number, limit: number): string {
  let digits = 2;
  while (digits < 6 && Number(value.toFixed(digits)) <= Number(limit.toFixed(2))) digits++;
  return value.toFixed(digits);
}
