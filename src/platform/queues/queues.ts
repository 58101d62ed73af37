export interface Queues {
  /** Appends messages (JSON) to a queue, creating it when needed. Throws STORAGE_UNAVAILABLE. */
  send(queue: string, messages: readonly unknown[], signal: AbortSignal): Promise<void>;
  /** Approximate number of waiting messages; 0 when the queue does not exist. */
  count(queue: string, signal: AbortSignal): Promise<number>;
}
