/**
 * Results of `work` on each item, in the order of the items, with up to `atOnce` of them under way. Whoever stops
 * taking, or a failure, stops the rest.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result> {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const running: Promise<Result>[] = [];
  try {
    for (const item of items) {
      const result = work(item, either);
      // Its failure is seen by who takes it from the queue; until then it is not an unhandled one.
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= atOnce) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    stopping.abort();
    await Promise.allSettled(running);
  }
}
