/** Where two that are prepared side by side wait for each other. */
import { nowNs } from "../clock.ts";

export interface Meeting {
  /** Resolves for both when the second has come, with the same moment, in ns. */
  arrive(): Promise<number>;
  /** One of them will not come: who waits goes on alone. */
  giveUp(): void;
}

export function createMeeting(guests: number): Meeting {
  let missing = guests;
  let begin: (atNs: number) => void;
  const begun = new Promise<number>((resolve) => (begin = resolve));
  const come = (): void => {
    if (--missing === 0) begin(nowNs());
  };
  return {
    arrive() {
      come();
      return begun;
    },
    giveUp: () => begin(nowNs()),
  };
}
