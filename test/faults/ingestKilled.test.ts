import { expect, test } from '@jest/globals';
import { ingestBatch, workBatch, type IncomingBatch, type Ingested } from '../../src/anomalies';
import type { Queues } from '../../src/platform/queues/queues';
import { killedPlatform } from '../support/killedPlatform';
import { withPlatform, type TestPlatform } from '../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const mostSteps = 30;
const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 10_000 };

/** A queue whose messages the test takes by hand. */
function heldQueue(): Queues & { take(): unknown[] } {
  let messages: unknown[] = [];
  return {
    send: (_queue, sent) => {
      messages.push(...sent);
      return Promise.resolve();
    },
    count: () => Promise.resolve(0),
    take() {
      const taken = messages;
      messages = [];
      return taken;
    },
  };
}

function batchOf(kind: 'metrics' | 'logs', step: number): IncomingBatch {
  const lines = [0, 1, 2].map((index) =>
    JSON.stringify({
      instance: `web-${step}`,
      timestamp: `2026-10-05T11:5${index}:00Z`,
      ...(kind === 'metrics'
        ? { metric: 'cpu', value: index }
        : { message: `step ${step} of ${kind} ${index}` }),
    }),
  );
  // One of each batch cannot be stored.
  lines.push(
    JSON.stringify({ instance: `web-${step}`, timestamp: 'never', metric: 'cpu', value: 1, message: 'm' }),
  );
  return { kind, shape: 'ndjson', body: new TextEncoder().encode(lines.join('\n')) };
}

async function stored(platform: TestPlatform, kind: 'metrics' | 'logs'): Promise<number> {
  if (kind === 'logs') return (await platform.warehouse.logEventsBetween(all, signal)).length;
  const catalog = await platform.warehouse.metricCatalog({}, signal);
  return catalog.reduce((sum, { points }) => sum + points, 0);
}

/** Templates that events name and the table does not have. */
async function unknownTemplates(platform: TestPlatform): Promise<string[]> {
  const known = new Set((await platform.warehouse.logTemplates(signal)).map(({ templateId }) => templateId));
  const events = await platform.warehouse.logEventsBetween(all, signal);
  return events.map(({ templateId }) => templateId).filter((id) => !known.has(id));
}

async function rawFiles(platform: TestPlatform): Promise<number> {
  let files = 0;
  for await (const { name } of platform.rawLogs.list('2026/', signal))
    files += name.endsWith('.parquet') ? 1 : 0;
  return files;
}

test.each([
  ['before', 'metrics'],
  ['after', 'metrics'],
  ['before', 'logs'],
  ['after', 'logs'],
] as const)(
  'killed %s any change, a batch of %s that is sent again is stored once, with the same receipt',
  async (when, kind) => {
    const queues = heldQueue();
    const platform = await platforms({ overrides: { queues } });
    let survived = 0;
    for (let step = 1; survived === 0; step++) {
      expect(step).toBeLessThan(mostSteps);
      const batch = batchOf(kind, step);
      const dying = killedPlatform(platform, step, when);
      const [first] = await Promise.allSettled([ingestBatch(dying.platform, batch, signal)]);
      if (!dying.killed()) survived = step;
      // A sender that got no answer sends again, an hour later.
      platform.clock.advance(3_600_000);
      const again: Ingested = await ingestBatch(platform, batch, signal);
      expect(again.receipt).toMatchObject({ status: 'stored', accepted: 3, rejectedTotal: 1 });
      const answered = first.status === 'fulfilled' && first.value.receipt.status === 'stored';
      expect(again.receipt).toEqual(answered ? first.value.receipt : again.receipt);
      expect(await stored(platform, kind)).toBe(3 * step);
      expect(await rawFiles(platform)).toBe(step);
      expect(await unknownTemplates(platform)).toEqual([]);
      expect(await platform.warehouse.countQuarantined({ source: 'ingest' }, signal)).toBe(step);
    }
    // The claim, the raw file, the quarantine, the rows, the receipt: every one was a place to die.
    expect(survived).toBeGreaterThan(5);
  },
  300_000,
);

test.each(['metrics', 'logs'] as const)(
  'what was acknowledged of %s while the tables were away is stored by the queue, without the sender',
  async (kind) => {
    const queues = heldQueue();
    const platform = await platforms({ overrides: { queues } });
    const away = (): Promise<never> => Promise.reject(new Error('the tables are away'));
    const broken = {
      ...platform,
      warehouse: { ...platform.warehouse, mergeMetricPoints: away, mergeLogEvents: away },
    };
    const { receipt } = await ingestBatch(broken, batchOf(kind, 1), signal);
    expect(receipt).toMatchObject({ status: 'queued', accepted: 0 });
    const [message, ...more] = queues.take();
    expect(more).toEqual([]);
    expect(message).toEqual({ kind, batchId: receipt.batchId });
    const request = { kind, batchId: receipt.batchId };
    await expect(workBatch(broken, request, signal)).rejects.toThrow('the tables are away');
    expect(await workBatch(platform, request, signal)).toMatchObject({ status: 'stored', accepted: 3 });
    expect(await workBatch(platform, request, signal)).toMatchObject({ status: 'stored', accepted: 3 });
    expect(await stored(platform, kind)).toBe(3);
  },
);

test('when neither tables nor queue can be reached, the sender is not told that the batch is safe', async () => {
  const platform = await platforms();
  const away = (): Promise<never> => Promise.reject(new Error('away'));
  const broken = {
    ...platform,
    warehouse: { ...platform.warehouse, mergeMetricPoints: away },
    queues: { ...platform.queues, send: away },
  };
  await expect(ingestBatch(broken, batchOf('metrics', 1), signal)).rejects.toThrow('away');
});

test('two senders of one batch at once store it once', async () => {
  const platform = await platforms({ overrides: { queues: heldQueue() } });
  const batch = batchOf('logs', 1);
  const receipts = await Promise.all(
    Array.from({ length: 6 }, async () => (await ingestBatch(platform, batch, signal)).receipt),
  );
  for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
  expect(await stored(platform, 'logs')).toBe(3);
  expect(await rawFiles(platform)).toBe(1);
});
