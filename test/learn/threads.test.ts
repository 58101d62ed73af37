import { afterAll, describe, expect, test } from '@jest/globals';
import { QuarterdeckError } from '../../src/contracts';
import { breathe } from '../../src/learn/run';
import { createThreadPool, type Task } from '../../src/learn/threads';
import { crash, half, modulePath, spin } from '../support/threadTasks';

const pool = createThreadPool(2);
afterAll(() => pool.close());

const halfTask: Task<number, number> = { module: modulePath, name: 'half', call: half };

describe('worker threads', () => {
  test('run a module’s export on a copy of the input', async () => {
    await expect(pool.run(halfTask, 5)).resolves.toBe(2.5);
  });

  test('a coded error keeps its code and culprit on the way back', async () => {
    await expect(pool.run(halfTask, Number.NaN)).rejects.toMatchObject({
      name: 'QuarterdeckError',
      code: 'DATA_NOT_FINITE',
      message: 'row 3 is no number',
      culprit: { row: 3 },
    });
    await expect(pool.run(halfTask, -1)).rejects.toThrow('negative');
  });

  test('an abort ends work that never ends by itself', async () => {
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const running = pool.run({ module: modulePath, name: 'spin', call: spin }, counter, controller.signal);
    const stopOnceRunning = async (): Promise<void> => {
      while (Atomics.load(counter, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
    };
    const [outcome] = await Promise.allSettled([running, stopOnceRunning()]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ABORTED' } });
  });

  test.each([
    ['a lease that is lost', new QuarterdeckError('LEASE_LOST', 'somebody else has it'), 'LEASE_LOST'],
    ['a time limit', new DOMException('too late', 'TimeoutError'), 'DEADLINE_EXCEEDED'],
    ['anybody', new Error('enough'), 'ABORTED'],
  ])('work that %s stopped says so', async (_what, reason, code) => {
    const signal = AbortSignal.abort(reason);
    await expect(pool.run(halfTask, 4, signal)).rejects.toMatchObject({ code });
    await expect(breathe({ signal })).rejects.toMatchObject({ code });
  });

  test('a worker that dies fails its task and no other', async () => {
    await expect(
      pool.run({ module: modulePath, name: 'crash', call: crash }, undefined as never),
    ).rejects.toThrow('exit');
    await expect(pool.run(halfTask, 4)).resolves.toBe(2);
  });
});
