/** Followers that are cut off, and what they miss until they are back. */
import type { Injected } from "../fault.ts";
import type { Hub } from "../hub.ts";

export interface Cuts {
  /** That of the hub, with a note of who follows and who is back. */
  readonly subscribe: Hub["subscribe"];
  /** Cuts off whoever follows now. */
  all(): void;
  /** Who is still away has missed everything since. */
  stop(): void;
}

/** Keeps its account in `injected`. */
export function createCuts(hub: Hub, injected: Injected): Cuts {
  const followers = new Map<() => void, string>();
  /** Where a topic stood when somebody who followed it was cut off, one number for each who is not back yet. */
  const away = new Map<string, number[]>();
  const standing = (topic: string): number => hub.poll(topic, undefined).next - 1;

  return {
    subscribe(topic, after, subscriber) {
      const cutAt = away.get(topic)?.pop();
      if (cutAt !== undefined && after === undefined) injected.missed += standing(topic) - cutAt;
      const subscription = hub.subscribe(topic, after, subscriber);
      const cut = (): void => {
        end();
        subscriber.drop();
      };
      const end = (): void => {
        followers.delete(cut);
        subscription.end();
      };
      followers.set(cut, topic);
      return { ...subscription, end };
    },
    all() {
      // A copy, for each that is cut off leaves.
      for (const [cut, topic] of new Map(followers)) {
        injected.cut++;
        away.set(topic, [...(away.get(topic) ?? []), standing(topic)]);
        cut();
      }
    },
    stop() {
      for (const [topic, left] of away) for (const cutAt of left) injected.missed += standing(topic) - cutAt;
      away.clear();
    },
  };
}
