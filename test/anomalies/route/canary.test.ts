import { describe, expect, test } from '@jest/globals';
import { CanaryHealth } from '../../../src/anomalies/route/canary/canaryHealth';
import {
  abortCanary,
  canaryState,
  startCanary,
  stepCanary,
} from '../../../src/anomalies/route/canary/runCanary';
import { effectiveSplit, readPlan } from '../../../src/anomalies/route/registryRouter';
import { setRouting } from '../../../src/anomalies/route/routingState';
import { readSettings } from '../../../src/platform/settings/settings';
import { anomalyScope, readAliases, setAlias, type ModelReference } from '../../../src/registry';
import { withAzurite } from '../../support/azurite';
import { testStorage } from '../../support/storage';
import { publish } from '../../support/versions';

const signal = AbortSignal.timeout(60_000);
const order = { by: 'a test', reason: 'to see' };
const minute = 60_000;

describe('a canary', () => {
  const azurite = withAzurite();

  async function setUp() {
    const storage = testStorage(azurite());
    const settings = readSettings({ CANARY_BAKE_MINUTES: '3', CANARY_MINIMUM_REQUESTS: '100' });
    const platform = { ...storage, settings };
    const champion: ModelReference = {
      model: 'xgboost_anomaly',
      version: await publish(storage, anomalyScope('xgboost_anomaly'), 'champion'),
    };
    const candidate: ModelReference = {
      model: 'catboost_anomaly',
      version: await publish(storage, anomalyScope('catboost_anomaly'), 'candidate'),
    };
    await setAlias(storage, 'champion', champion, order, signal);
    await setAlias(storage, 'challenger', candidate, order, signal);
    const health = new CanaryHealth(platform);
    /** Requests to the candidate of the stage under way. */
    const serve = async (requests: number, { errors = 0, latencyMs = 5 } = {}): Promise<void> => {
      const { id, stage } = (await canaryState(platform, signal))!;
      for (let index = 0; index < requests; index++) {
        health.request({ id, stage }, 'candidate', latencyMs, index < errors);
      }
    };
    /** Looks once a minute, as the timer does. */
    const steps = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        storage.clock.advance(minute);
        await stepCanary(platform, health, signal);
      }
    };
    const share = async (): Promise<number> =>
      effectiveSplit(await readPlan(storage, signal)).challengerShare;
    const start = (form: 'standard' | 'emergency' = 'standard') =>
      startCanary(platform, { form }, order, signal);
    return { platform, storage, champion, candidate, health, serve, steps, share, start };
  }

  test('goes 10, 30, 50, 100 and then is the champion, alone', async () => {
    const { serve, steps, share, start, storage, candidate, champion, platform } = await setUp();
    await start();
    const shares = [];
    for (let stage = 0; stage < 4; stage++) {
      shares.push(await share());
      await serve(100);
      await steps(3);
    }
    expect(shares).toEqual([0.1, 0.3, 0.5, 1]);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'completed' });
    expect((await readAliases(storage, signal))!.aliases).toMatchObject({
      champion: candidate,
      challenger: null,
      previous: champion,
    });
    expect(await share()).toBe(0);
  });

  test('in the emergency form goes 5, 20, 50, 100', async () => {
    const { start, share } = await setUp();
    expect((await start('emergency')).shares).toEqual([5, 20, 50, 100]);
    expect(await share()).toBe(0.05);
  });

  test('waits for its bake time and for enough requests, whichever comes later', async () => {
    const { serve, steps, share, start } = await setUp();
    await start();
    await serve(100);
    await steps(2);
    expect(await share()).toBe(0.1);
    await steps(1);
    expect(await share()).toBe(0.3);
    await serve(99);
    await steps(30);
    expect(await share()).toBe(0.3);
    await serve(1);
    await steps(1);
    expect(await share()).toBe(0.5);
  });

  test.each([
    ['1 % of failed requests', { errors: 1 }, 'requests failed'],
    ['a p95 of one second', { latencyMs: 1_000 }, 'p95'],
  ])('goes back at once at %s, and the candidate is no challenger any more', async (_name, fault, reason) => {
    const { serve, steps, share, start, storage, champion, platform } = await setUp();
    await start();
    await serve(100, fault);
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'rolled-back', stage: 0 });
    expect((await canaryState(platform, signal))!.reason).toContain(reason);
    expect((await readAliases(storage, signal))!.aliases).toMatchObject({ champion, challenger: null });
    expect(await share()).toBe(0);
    expect(storage.telemetry.metrics).toContainEqual(expect.objectContaining({ name: 'canary.rolledback' }));
  });

  test('just below the limits goes on', async () => {
    const { serve, steps, share, start } = await setUp();
    await start();
    await serve(1, { errors: 1, latencyMs: 999 });
    await serve(100, { latencyMs: 999 });
    await steps(3);
    expect(await share()).toBe(0.3);
  });

  test('goes back when its scores of the same rows have shifted', async () => {
    const { steps, start, health, platform } = await setUp();
    const { id } = await start();
    const scores = (value: number) =>
      Float32Array.from({ length: 600 }, (_, index) => (index % 2 ? value : 1 - value));
    health.scores({ id, stage: 0 }, scores(0.1), scores(0.1));
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'running' });
    health.scores({ id, stage: 0 }, scores(0.1), scores(0.9));
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({
      status: 'rolled-back',
      reason: expect.stringContaining('shifted'),
    });
  });

  test('is one at a time', async () => {
    const { start, platform, champion } = await setUp();
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(start()).rejects.toMatchObject({ code: 'CANARY_RUNNING' });
    await abortCanary(platform, order, signal);
    await expect(
      startCanary(platform, { candidate: champion, form: 'standard' }, order, signal),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const unknown: ModelReference = { model: 'isolation_forest', version: '2026/q3/r4' };
    await expect(
      startCanary(platform, { candidate: unknown, form: 'standard' }, order, signal),
    ).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    // The candidate that was taken back is no challenger any more, so there is none to roll out.
    await expect(start()).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  test('is stopped by a person or by an alert rule, and there is nothing to stop twice', async () => {
    const { start, platform, share, storage, candidate } = await setUp();
    await start();
    await abortCanary(platform, { by: 'alert rule', reason: 'errors on the console' }, signal, true);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'rolled-back' });
    expect(await share()).toBe(0);
    await expect(abortCanary(platform, order, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    storage.clock.advance(minute);
    await setAlias(storage, 'challenger', candidate, order, signal);
    await stepCanary(platform, undefined, signal);
    expect((await readAliases(storage, signal))!.aliases.challenger).toEqual(candidate);
  });

  test('has its own models and shares whatever weights and aliases say meanwhile', async () => {
    const { start, storage, champion, candidate } = await setUp();
    await start();
    await setRouting(storage, { champion: 0, challenger: 100 }, order, signal);
    await setAlias(storage, 'challenger', null, order, signal);
    expect(effectiveSplit(await readPlan(storage, signal))).toMatchObject({
      champion,
      challenger: candidate,
      challengerShare: 0.1,
      because: 'canary',
    });
  });

  test('a clock that jumps, back or ahead, bakes nothing', async () => {
    const { start, serve, steps, share, storage, platform, health } = await setUp();
    await start();
    await serve(100);
    await steps(2);
    storage.clock.set(storage.clock.now() - 60 * minute);
    await stepCanary(platform, health, signal);
    expect(await share()).toBe(0.1);
    expect((await canaryState(platform, signal))!.history.at(-1)).toMatchObject({ event: 'clock went back' });
    await steps(1);
    expect(await share()).toBe(0.3);
    await serve(100);
    const { bakedMs } = (await canaryState(platform, signal))!;
    storage.clock.advance(24 * 60 * minute);
    await stepCanary({ ...platform, settings: readSettings({ CANARY_BAKE_MINUTES: '30' }) }, health, signal);
    expect(bakedMs).toBe(0);
    expect(await share()).toBe(0.5);
  });

  test('a day in which the host slept counts as five minutes', async () => {
    const { storage, platform, health, serve } = await setUp();
    const slow = { ...platform, settings: readSettings({ CANARY_BAKE_MINUTES: '30' }) };
    await startCanary(slow, { form: 'standard' }, order, signal);
    await serve(200);
    storage.clock.advance(24 * 60 * minute);
    await stepCanary(slow, health, signal);
    expect(await canaryState(slow, signal)).toMatchObject({
      status: 'running',
      stage: 0,
      bakedMs: 5 * minute,
    });
  });

  test('survives the process: another one goes on with what both have counted', async () => {
    const { start, serve, steps, share, platform, storage, health } = await setUp();
    const { id } = await start();
    await serve(60);
    await steps(2);
    const other = new CanaryHealth(platform);
    for (let index = 0; index < 40; index++) other.request({ id, stage: 0 }, 'candidate', 5, false);
    storage.clock.advance(minute);
    await stepCanary(platform, other, signal);
    expect(await share()).toBe(0.3);
    await stepCanary(platform, health, signal);
    expect(await share()).toBe(0.3);
  });

  test('several that step at once move it once', async () => {
    const { start, serve, steps, platform, health, storage } = await setUp();
    await start();
    await serve(100);
    await steps(2);
    storage.clock.advance(minute);
    await Promise.all([1, 2, 3].map(() => stepCanary(platform, health, signal)));
    expect(await canaryState(platform, signal)).toMatchObject({ stage: 1 });
  });

  test('a crash between the last share and the promotion is made good by the next step', async () => {
    const { start, serve, steps, platform, storage, candidate, health } = await setUp();
    await start();
    for (let stage = 0; stage < 3; stage++) {
      await serve(100);
      await steps(3);
    }
    await serve(100);
    await steps(2);
    storage.clock.advance(minute);
    const blobs = {
      ...storage.blobs,
      write: async (name: string, ...rest: never[]) => {
        if (name.endsWith('canary.json')) throw new Error('the process died');
        return (storage.blobs.write as (...all: unknown[]) => Promise<{ etag: string }>)(name, ...rest);
      },
    };
    await expect(stepCanary({ ...platform, blobs }, health, signal)).rejects.toThrow('died');
    expect(effectiveSplit(await readPlan(storage, signal))).toMatchObject({
      challenger: candidate,
      challengerShare: 1,
    });
    await stepCanary(platform, health, signal);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'completed' });
    expect((await readAliases(storage, signal))!.aliases).toMatchObject({
      champion: candidate,
      challenger: null,
    });
  });
});
