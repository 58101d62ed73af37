import { describe, expect, test } from '@jest/globals';
import { predictQueue, trainQueue } from '../../src/contracts';
import { enqueuePredict, enqueueTrain } from '../../src/incidents';
import { withPlatform } from '../support/platform';
import { incidentRow } from '../support/warehouseRows';

const platforms = withPlatform();
const signal = AbortSignal.timeout(60_000);

describe('fan-out', () => {
  test('sends one message per tech centre, and a heartbeat even without any', async () => {
    const platform = await platforms();
    expect(await enqueuePredict(platform, {}, signal)).toEqual([]);
    await platform.warehouse.mergeIncidents(
      ['Alpha', 'Beta'].map((techCenter) => incidentRow({ number: techCenter, techCenter })),
      signal,
    );
    expect(await enqueuePredict(platform, {}, signal)).toEqual(['Alpha', 'Beta']);
    expect(await platform.queues.count(predictQueue, signal)).toBe(2);
    const heartbeat = { pipeline: 'predict', scope: 'all' };
    expect(platform.telemetry.metrics).toEqual(
      [1, 2].map(() => ({ name: 'pipeline.heartbeat', value: 1, dimensions: heartbeat })),
    );
  });

  test('training goes to all centres, or to those that are named', async () => {
    const platform = await platforms();
    await platform.warehouse.mergeIncidents(
      ['Alpha', 'Beta'].map((techCenter) => incidentRow({ number: techCenter, techCenter })),
      signal,
    );
    const order = { year: 2026, quarter: 'q4', promote: true } as const;
    expect(await enqueueTrain(platform, order, signal)).toEqual(['Alpha', 'Beta']);
    expect(await enqueueTrain(platform, { ...order, techCenters: ['Beta'] }, signal)).toEqual(['Beta']);
    expect(await platform.queues.count(trainQueue, signal)).toBe(3);
  });
});
