/** First in, first out; taking costs the same however many wait, where an array's own `shift` moves them all. */
export interface Queue<T> {
  put(item: T): void;
  take(): T | undefined;
  clear(): void;
}

/** Taken ones are let go once they are this many and half of the array. */
const WORTH_MOVING = 1024;

export function createQueue<T>(): Queue<T> {
  let items: T[] = [];
  let first = 0;
  return {
    put(item) {
      items.push(item);
    },
    take() {
      if (first === items.length) return undefined;
      const item = items[first++];
      if (first >= WORTH_MOVING && first * 2 >= items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    clear() {
      items = [];
      first = 0;
    },
  };
}
