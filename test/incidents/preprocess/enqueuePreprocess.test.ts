import { expect, test } from '@jest/globals';
import { preprocessQueue } from '../../../src/contracts';
import {
  enqueuePreprocess,
  parsePreprocessRequest,
} from '../../../src/incidents/preprocess/enqueuePreprocess';
import { withPlatform } from '../../support/platform';
import { incidentRow } from '../../support/warehouseRows';

const platformOf = withPlatform();
const signal = new AbortController().signal;

test('the timer sends one message per tech centre and shows that it lives', async () => {
  const platform = await platformOf();
  await platform.warehouse.mergeIncidents(
    [incidentRow({ number: 'A', techCenter: 'SAP' }), incidentRow({ number: 'B', techCenter: 'Network' })],
    signal,
  );
  const before = await platform.queues.count(preprocessQueue, signal);
  expect(await enqueuePreprocess(platform, { scheduledAt: '2026-07-01T08:00:00.000000Z' }, signal)).toEqual([
    'Network',
    'SAP',
  ]);
  expect((await platform.queues.count(preprocessQueue, signal)) - before).toBe(2);
  expect(platform.telemetry.metrics).toContainEqual({
    name: 'pipeline.heartbeat',
    value: 1,
    dimensions: { pipeline: 'preprocess', scope: 'all' },
  });
});

test('a message may ask for tickets of all time', async () => {
  const platform = await platformOf();
  await platform.warehouse.mergeIncidents([incidentRow({ number: 'A', techCenter: 'SAP' })], signal);
  const sent: unknown[] = [];
  const queues = {
    ...platform.queues,
    send: (_queue: string, messages: readonly unknown[]) => {
      sent.push(...messages);
      return Promise.resolve();
    },
  };
  await enqueuePreprocess({ ...platform, queues }, { fromStart: true }, signal);
  expect(sent.map(parsePreprocessRequest)).toEqual([{ techCenter: 'SAP', fromStart: true }]);
});

test('without tickets nothing is sent', async () => {
  const platform = await platformOf();
  expect(await enqueuePreprocess(platform, {}, signal)).toEqual([]);
});

test('messages are read as text or as objects; others are refused by name', () => {
  expect(parsePreprocessRequest('{"techCenter":"SAP"}')).toEqual({ techCenter: 'SAP' });
  expect(parsePreprocessRequest({ techCenter: 'SAP' })).toEqual({ techCenter: 'SAP' });
  for (const bad of ['SAP', '{', { techCenter: '' }, { techCenter: 'SAP', force: true }, null, 4]) {
    expect(() => parsePreprocessRequest(bad)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  }
});
