import { expect, test } from '@jest/globals';
import { ingestAlerts, workAlertBatch, type IncomingAlerts } from '../../src/alerts';
import type { StoredAlert } from '../../src/contracts';
import type { Queues } from '../../src/platform/queues/queues';
import { killedPlatform } from '../support/killedPlatform';
import { withPlatform, type TestPlatform } from '../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const mostSteps = 30;

/** A queue that takes messages and gives none back: what is tested is the sender's repetition alone. */
const silentQueue: Queues = { send: () => Promise.resolve(), count: () => Promise.resolve(0) };

/** One alert with its start, one that has none, the end of a firing that nobody told of, and one that is none. */
function bodyOf(step: number): IncomingAlerts {
  const service = `service-${step}`;
  const alerts = [
    { name: 'Down', service, startsAt: '2026-10-05T11:00:00Z' },
    { name: 'Slow', service },
    { name: 'Gone', service, status: 'resolved' },
    { service },
  ];
  return { body: new TextEncoder().encode(JSON.stringify({ alerts })) };
}

async function stored(platform: TestPlatform): Promise<StoredAlert[]> {
  const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 10_000 };
  return platform.warehouse.alertsBetween(all, signal);
}

test.each(['before', 'after'] as const)(
  'killed %s any change, a body of alerts that is sent again is stored once, with the same receipt',
  async (when) => {
    const platform = await platforms({ overrides: { queues: silentQueue } });
    let survived = 0;
    for (let step = 1; survived === 0; step++) {
      expect(step).toBeLessThan(mostSteps);
      const dying = killedPlatform(platform, step, when);
      const [first] = await Promise.allSettled([ingestAlerts(dying.platform, bodyOf(step), signal)]);
      if (!dying.killed()) survived = step;
      platform.clock.advance(60_000);
      const again = await ingestAlerts(platform, bodyOf(step), signal);
      expect(again.receipt).toMatchObject({ status: 'stored', accepted: 3, rejectedTotal: 1 });
      const answered = first.status === 'fulfilled' && first.value.receipt.status === 'stored';
      expect(again.receipt).toEqual(answered ? first.value.receipt : again.receipt);
      expect(await stored(platform)).toHaveLength(3 * step);
      expect(await platform.warehouse.countQuarantined({ source: 'alerts' }, signal)).toBe(step);
    }
    // The claim, the raw file, the quarantine, the alerts, the receipt: every one was a place to die.
    expect(survived).toBeGreaterThan(5);
  },
  120_000,
);

test('when neither tables nor queue can be reached, the sender is not told that its alerts are safe', async () => {
  const platform = await platforms();
  const away = (): Promise<never> => Promise.reject(new Error('away'));
  const broken = {
    ...platform,
    warehouse: { ...platform.warehouse, mergeAlerts: away },
    queues: { ...platform.queues, send: away },
  };
  await expect(ingestAlerts(broken, bodyOf(1), signal)).rejects.toThrow('away');
});

test('two senders of one body at once store it once', async () => {
  const platform = await platforms({ overrides: { queues: silentQueue } });
  const receipts = await Promise.all(
    Array.from({ length: 6 }, async () => (await ingestAlerts(platform, bodyOf(1), signal)).receipt),
  );
  for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
  expect(await stored(platform)).toHaveLength(3);
});

test('a batch of the queue that was worked half is worked to its end, once', async () => {
  const platform = await platforms({
    overrides: { queues: silentQueue },
    environment: { INGEST_INLINE_BYTES: '0' },
  });
  const { receipt } = await ingestAlerts(platform, bodyOf(1), signal);
  expect(receipt.status).toBe('queued');
  const request = { batchId: receipt.batchId };
  for (let step = 1; ; step++) {
    expect(step).toBeLessThan(mostSteps);
    const dying = killedPlatform(platform, step, 'after');
    await Promise.allSettled([workAlertBatch(dying.platform, request, signal)]);
    if (!dying.killed()) break;
  }
  expect(await workAlertBatch(platform, request, signal)).toMatchObject({ status: 'stored', accepted: 3 });
  expect(await stored(platform)).toHaveLength(3);
});
