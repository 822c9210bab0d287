/** Which topic each subscriber listens to and on which instance, dealt so that every stretch of the connect order has its share of both. */

/** The subscribers of a trial, and what they are spread over. */
export interface Crowd {
  readonly subscribers: number;
  /** As many as subscribers at most. */
  readonly topics: number;
  readonly instances: number;
  /** As many subscribers on each topic, or on topic k (from 1) a share proportional to 1/k. */
  readonly popularity: "even" | "zipf";
}

/** Topic and instance of a subscriber by its place in the connect order; both from 0. */
export interface Placement {
  topicOf(index: number): number;
  instanceOf(index: number): number;
}

/** Places a crowd. Neighbours on a topic stand on different instances, and so do neighbours in the connect order. */
export function createPlacement(crowd: Crowd): Placement {
  const { topics, instances, popularity } = crowd;
  // Round by round, each beginning one instance further: topics and instances of one number would else go in step.
  if (popularity === "even") {
    return { topicOf: (index) => index % topics, instanceOf: (index) => (Math.floor(index / topics) + (index % topics)) % instances };
  }
  const topicOf = dealZipf(crowd);
  const instanceOf = new Uint16Array(crowd.subscribers);
  const dealt = new Uint32Array(topics);
  for (const [index, topic] of topicOf.entries()) instanceOf[index] = (dealt[topic]!++ + topic) % instances;
  return { topicOf: (index) => topicOf[index]!, instanceOf: (index) => instanceOf[index]! };
}

/** Consecutive multiples of it, without their whole part, are spread evenly however many there are (Steinhaus's three-gap theorem). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Topic of each subscriber. The j-th of a topic's n has its turn at (j + phase) / n of the order, so that of any stretch a topic has its
 * share to within one; the phases keep the many topics with one subscriber from having theirs together.
 */
function dealZipf({ subscribers, topics }: Crowd): Uint32Array {
  const turn = new Float64Array(subscribers);
  const owner = new Uint32Array(subscribers);
  let at = 0;
  for (const [topic, count] of zipfCounts(subscribers, topics).entries()) {
    const phase = (0.5 + topic * GOLDEN) % 1;
    for (let j = 0; j < count; j++, at++) {
      turn[at] = (j + phase) / count;
      owner[at] = topic;
    }
  }
  const order = Uint32Array.from(turn, (_, i) => i).sort((a, b) => turn[a]! - turn[b]! || a - b);
  return order.map((i) => owner[i]!);
}

/**
 * Subscribers of each topic: Zipf's law with exponent 1 (G. K. Zipf, Human Behavior and the Principle of Least Effort, 1949), the k-th
 * most popular topic having 1/k of the first one's, by the method of largest remainders. One whose share is less than a subscriber has
 * one all the same, and the others share the rest.
 */
function zipfCounts(subscribers: number, topics: number): Uint32Array {
  const counts = new Uint32Array(topics).fill(1);
  let weights = 0;
  for (let k = 1; k <= topics; k++) weights += 1 / k;
  let shared = topics;
  let rest = subscribers;
  while (shared > 1 && rest / shared / weights < 1) {
    weights -= 1 / shared--;
    rest--;
  }
  const share = (k: number): number => rest / (k + 1) / weights;
  for (let k = 0; k < shared; k++) counts[k] = Math.floor(share(k));
  const given = counts.subarray(0, shared).reduce((sum, count) => sum + count, 0);
  const byRemainder = Array.from({ length: shared }, (_, k) => k).sort((a, b) => (share(b) % 1) - (share(a) % 1) || a - b);
  for (const k of byRemainder.slice(0, rest - given)) counts[k]!++;
  return counts;
}
