import { describe, expect, test } from '@jest/globals';
import { Arrivals } from '../../../src/anomalies/serve/arrivals';
import { batchWindowMs, MicroBatcher } from '../../../src/anomalies/serve/microBatcher';
import type { Clock } from '../../../src/contracts';
import { matrixFromRows } from '../../../src/learn/matrix';
import { meanModel } from '../../support/servedModels';

/** Sleeps end when the test says so. */
function handClock(): Clock & { wake(): void; sleeps: number[] } {
  const waiting: (() => void)[] = [];
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => 0,
    monotonic: () => 0,
    sleep: (ms) => {
      sleeps.push(ms);
      return new Promise((resolve) => waiting.push(resolve));
    },
    wake: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

function setUp() {
  const model = meanModel('xgboost_anomaly', '2026/q3/r1', 2);
  const arrivals = new Arrivals();
  const clock = handClock();
  const observed: { rows: number; waitedMs: readonly number[] }[] = [];
  const batcher = new MicroBatcher(model, arrivals, clock, (run) => observed.push(run));
  return { model, arrivals, clock, batcher, observed };
}
const row = (value: number) => matrixFromRows([[value, value]]);
const never = new AbortController().signal;
const probability = async (answer: Promise<{ probabilities: Float32Array }>) =>
  Math.round((await answer).probabilities[1]! * 100) / 100;

describe('requests of the same moment', () => {
  test('a lone request does not wait', async () => {
    const { batcher, clock, arrivals } = setUp();
    const arrived = arrivals.announce();
    expect(await probability(batcher.classify(row(0.3), never, arrived))).toBe(0.3);
    expect(clock.sleeps).toEqual([]);
  });

  test('those that are announced together share one run, each with its own answer', async () => {
    const { batcher, model, arrivals, observed } = setUp();
    const announced = [0.1, 0.2, 0.3, 0.4].map((value) => ({ value, arrived: arrivals.announce() }));
    const answers = announced.map(({ value, arrived }) => batcher.classify(row(value), never, arrived));
    expect(await Promise.all(answers.map(probability))).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(model.runs).toEqual([4]);
    expect(observed).toMatchObject([{ rows: 4, waitedMs: [0, 0, 0, 0] }]);
  });

  test('those that come while a run is under way share the next one', async () => {
    const { batcher, model, clock } = setUp();
    let open = (): void => {};
    model.gate = new Promise((resolve) => (open = resolve));
    const first = batcher.classify(row(0.1), never);
    const others = [0.2, 0.3, 0.4].map((value) => batcher.classify(row(value), never));
    expect(model.runs).toEqual([1]);
    open();
    expect(await Promise.all([first, ...others].map(probability))).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(model.runs).toEqual([1, 3]);
    clock.wake();
  });

  test('a run that takes long holds the next ones no longer than the window', async () => {
    const { batcher, model, clock } = setUp();
    let open = (): void => {};
    model.gate = new Promise((resolve) => (open = resolve));
    const first = batcher.classify(row(0.1), never);
    const second = batcher.classify(row(0.2), never);
    expect(model.runs).toEqual([1]);
    clock.wake();
    await Promise.resolve();
    await Promise.resolve();
    expect(model.runs).toEqual([1, 1]);
    open();
    expect(await Promise.all([first, second].map(probability))).toEqual([0.1, 0.2]);
  });

  test('one that never arrives holds nobody longer than the window', async () => {
    const { batcher, model, clock, arrivals } = setUp();
    const stuck = arrivals.announce();
    const answer = batcher.classify(row(0.7), never, arrivals.announce());
    await Promise.resolve();
    expect(model.runs).toEqual([]);
    expect(clock.sleeps).toEqual([batchWindowMs]);
    clock.wake();
    expect(await probability(answer)).toBe(0.7);
    stuck();
  });

  test('one that fails on the way lets the others go at once', async () => {
    const { batcher, clock, arrivals } = setUp();
    const failing = arrivals.announce();
    const answer = batcher.classify(row(0.7), never, arrivals.announce());
    failing();
    expect(await probability(answer)).toBe(0.7);
    clock.wake();
  });

  test('one that gives up while it waits is left out', async () => {
    const { batcher, model, arrivals } = setUp();
    const [first, second, last] = [arrivals.announce(), arrivals.announce(), arrivals.announce()];
    const stop = new AbortController();
    const stopped = batcher.classify(row(0.1), stop.signal, first);
    const kept = batcher.classify(row(0.2), never, second);
    stop.abort();
    last();
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await probability(kept)).toBe(0.2);
    expect(model.runs).toEqual([1]);
  });

  test('many rows go alone, and a shared run stays small', async () => {
    const { batcher, model, arrivals } = setUp();
    const others = arrivals.announce();
    await batcher.classify(
      matrixFromRows(Array.from({ length: 300 }, () => [0, 0])),
      never,
      arrivals.announce(),
    );
    expect(model.runs).toEqual([300]);
    const answers = Array.from({ length: 6 }, () =>
      batcher.classify(matrixFromRows(Array.from({ length: 200 }, () => [0, 0])), never, arrivals.announce()),
    );
    others();
    await Promise.all(answers);
    expect(model.runs.slice(1)).toEqual([1_200]);
  });

  test('a run that fails fails those in it, and the next one works', async () => {
    const { batcher, model, arrivals } = setUp();
    model.closed = true;
    const answers = [arrivals.announce(), arrivals.announce()].map((arrived) =>
      batcher.classify(row(0.5), never, arrived),
    );
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    model.closed = false;
    expect(await probability(batcher.classify(row(0.5), never))).toBe(0.5);
  });
});
