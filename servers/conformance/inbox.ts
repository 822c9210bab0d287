/** What has arrived and was not asked for yet, or the other way round. */
export interface Inbox<Item> {
  push(item: Item): void;
  /** Nothing will come any more; who waits is told why. */
  fail(error: Error): void;
  next(): Promise<Item>;
  take(count: number): Promise<Item[]>;
}

export function createInbox<Item>(): Inbox<Item> {
  const arrived: Item[] = [];
  const waiting: { resolve(item: Item): void; reject(error: Error): void }[] = [];
  let failure: Error | undefined;

  function next(): Promise<Item> {
    const item = arrived.shift();
    if (item !== undefined) return Promise.resolve(item);
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  }

  return {
    push(item) {
      const waiter = waiting.shift();
      if (waiter === undefined) arrived.push(item);
      else waiter.resolve(item);
    },
    fail(error) {
      failure ??= error;
      for (const waiter of waiting.splice(0)) waiter.reject(failure);
    },
    next,
    async take(count) {
      const items: Item[] = [];
      while (items.length < count) items.push(await next());
      return items;
    },
  };
}
