import { describe, expect, test } from '@jest/globals';
import { inOrder } from '../../../../src/platform/warehouse/features/inOrder';

/** Work that ends when it is told to, or when its signal asks it to stop. */
function controlled(): {
  work: (item: number, signal: AbortSignal) => Promise<number>;
  finish: (item: number) => void;
  fail: (item: number) => void;
  started: number[];
  stopped: number[];
} {
  const waiting = new Map<number, { resolve: (value: number) => void; reject: (error: Error) => void }>();
  const started: number[] = [];
  const stopped: number[] = [];
  return {
    started,
    stopped,
    work: (item, signal) =>
      new Promise((resolve, reject) => {
        started.push(item);
        waiting.set(item, { resolve, reject });
        signal.addEventListener('abort', () => {
          stopped.push(item);
          reject(new Error('stopped'));
        });
      }),
    finish: (item) => waiting.get(item)!.resolve(item * 10),
    fail: (item) => waiting.get(item)!.reject(new Error(`item ${item}`)),
  };
}

describe('work done side by side', () => {
  test('comes out in the order of its items, and never more of it runs than allowed', async () => {
    const { work, finish, started } = controlled();
    const results = inOrder([1, 2, 3], 2, new AbortController().signal, work);
    const first = results.next();
    await Promise.resolve();
    expect(started).toEqual([1, 2]);
    finish(2);
    finish(1);
    expect(await first).toEqual({ done: false, value: 10 });
    const second = results.next();
    expect(await second).toEqual({ done: false, value: 20 });
    expect(started).toEqual([1, 2, 3]);
    finish(3);
    expect(await results.next()).toEqual({ done: false, value: 30 });
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test('that fails stops the rest and is reported once', async () => {
    const { work, fail, stopped } = controlled();
    const results = inOrder([1, 2, 3], 2, new AbortController().signal, work);
    const first = results.next();
    await Promise.resolve();
    fail(1);
    await expect(first).rejects.toThrow('item 1');
    expect(stopped).toEqual(expect.arrayContaining([2]));
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test('stops when nobody takes any more of it', async () => {
    const { work, finish, stopped } = controlled();
    const results = inOrder([1, 2, 3], 2, new AbortController().signal, work);
    const first = results.next();
    await Promise.resolve();
    finish(1);
    await first;
    await results.return(undefined);
    expect(stopped).toEqual(expect.arrayContaining([2]));
  });
});
