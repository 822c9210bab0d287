/** What a topic keeps of its past: a run of messages without holes that ends with the newest. */

export interface Message {
  /** Place in its topic, from 1. */
  readonly sequence: number;
  readonly payload: string;
}

export interface History {
  /** Sequence number of the newest message ever pushed, kept or not; 0 before the first. */
  sequence: number;
  /** What is kept, estimated. */
  bytes: number;
  /** Kept messages begin at `head`; what lies before it is spent room, reclaimed now and then. */
  messages: (Message | undefined)[];
  head: number;
}

/** An object and its place in the array: keeps a history of empty messages from counting as nothing. */
const MESSAGE_OVERHEAD_BYTES = 64;

export function createHistory(): History {
  return { sequence: 0, bytes: 0, messages: [], head: 0 };
}

/** Appends a payload and lets go of the oldest ones beyond either limit. */
export function push(history: History, payload: string, limits: { readonly messages: number; readonly bytes: number }): Message {
  const message = { sequence: ++history.sequence, payload };
  history.messages.push(message);
  history.bytes += sizeOf(message);
  while (kept(history) > limits.messages || history.bytes > limits.bytes) forgetOldest(history);
  return message;
}

export function forgetOldest(history: History): void {
  const oldest = history.messages[history.head];
  if (oldest === undefined) return;
  history.messages[history.head++] = undefined;
  history.bytes -= sizeOf(oldest);
  // Shifting at every message would move the whole array each time.
  if (history.head * 2 > history.messages.length) {
    history.messages = history.messages.slice(history.head);
    history.head = 0;
  }
}

/** How many messages are kept. */
export function kept(history: History): number {
  return history.messages.length - history.head;
}

/** Sequence number of the oldest message that is kept; that of the next one to come when none is. */
export function firstKept(history: History): number {
  return history.sequence - kept(history) + 1;
}

/** The message with this sequence number, which must be kept. */
export function messageAt(history: History, sequence: number): Message {
  const message = history.messages[history.head + sequence - firstKept(history)];
  if (message === undefined)
    throw new RangeError(`message ${sequence} is not kept: history holds ${firstKept(history)} to ${history.sequence}`);
  return message;
}

/** How many messages are kept from the newest one with this payload on, itself counted; 1 where none has it. */
export function countFrom(history: History, payload: string): number {
  for (let sequence = history.sequence; sequence >= firstKept(history); sequence--) {
    if (messageAt(history, sequence).payload === payload) return history.sequence - sequence + 1;
  }
  return 1;
}

/** Estimated bytes a message takes while it is kept. */
export function sizeOf(message: Message): number {
  return message.payload.length + MESSAGE_OVERHEAD_BYTES;
}
