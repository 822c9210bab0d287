/** Quantities as people write them: `500ms`, `64KiB`, `10k`, `50/s`, `3%`. */

/** One kind of quantity: how it is read, and how a message says what was expected. */
export interface Quantity {
  readonly expected: string;
  /** In the kind's base unit (ms, bytes, 1, 1/s, a share); `undefined` when `value` is not such a quantity. */
  parse(value: string | number): number | undefined;
}

const SCALES = { "": 1, k: 1e3, M: 1e6 };

/** In ms. A bare number is refused, for nobody can see whether it meant seconds; 0 needs no unit. */
export const duration: Quantity = {
  expected: "a duration such as 500ms, 10s or 2m",
  parse: (value) => zero(value) ?? scaled(value, { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }),
};

/** In bytes, binary multiples only: `kB` is refused rather than guessed at. */
export const size: Quantity = {
  expected: "a size such as 128B, 64KiB or 1MiB",
  parse: (value) => zero(value) ?? whole(scaled(value, { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 })),
};

/** A whole number: `100`, `10k`, `1.5M`. */
export const count: Quantity = {
  expected: "a whole number such as 100 or 10k",
  parse: (value) => whole(scaled(value, SCALES)),
};

/** Per second: `50/s`, `2k/s`, `30/m`, or a bare number. */
export const rate: Quantity = {
  expected: "a rate such as 50/s or 2k/s",
  parse(value) {
    const [, amount, per] = /^(.*?)(?:\s*\/\s*(s|m))?$/.exec(String(value).trim()) ?? [];
    const parsed = scaled(amount ?? "", SCALES);
    return parsed === undefined ? undefined : per === "m" ? parsed / 60 : parsed;
  },
};

/** A share, from percent with their sign: `3%` is 0.03. A bare number is refused, for 0.03 could be either. */
export const percent: Quantity = {
  expected: "a percentage such as 3% or 25%",
  parse: (value) => scaled(value, { "%": 0.01 }),
};

function scaled(value: string | number, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit] = /^(\d+(?:[._]\d+)*)\s*([A-Za-z%]*)$/.exec(String(value).trim()) ?? [];
  const factor = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit];
  if (digits === undefined || factor === undefined) return undefined;
  const amount = Number(digits.replaceAll("_", ""));
  // Decimal fractions of a unit (`1.1k`) land within a rounding error of what was meant.
  return Number.isFinite(amount) ? Math.round(amount * factor * 1e6) / 1e6 : undefined;
}

function zero(value: string | number): number | undefined {
  return Number(value) === 0 && String(value).trim() !== "" ? 0 : undefined;
}

function whole(value: number | undefined): number | undefined {
  return value === undefined || Number.isSafeInteger(value) ? value : undefined;
}
