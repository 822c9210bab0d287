/** Test support: a trial is held to what was done to it where the machine let it be. */
import type { Measurement } from "../measurement.ts";
import { OF_THE_MACHINE } from "../validity.ts";

const TRIALS = 3;

/**
 * Makes a trial and holds it to `hold`, which is of times and CPU times; returns it. One that does not stand it, and says of itself that the
 * machine was busy with something else, is made again; the third is held to it in any case. What is exact is exact on a busy machine too, and
 * is for the caller to expect.
 */
export async function heldTo<Tried extends { readonly measurement: Measurement }>(
  trial: () => Promise<Tried>,
  hold: (tried: Tried) => void,
): Promise<Tried> {
  for (let made = 1; ; made++) {
    const tried = await trial();
    try {
      hold(tried);
      return tried;
    } catch (error) {
      const { reasons } = tried.measurement.validity;
      if (made === TRIALS || !reasons.some(({ code }) => OF_THE_MACHINE.has(code))) throw error;
    }
  }
}
