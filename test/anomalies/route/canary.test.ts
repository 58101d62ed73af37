import { describe, expect, test } from '@jest/globals';
import { canaryBlob } from '../../../src/anomalies/route/canary/canaryState';
import { CanaryHealth } from '../../../src/anomalies/route/canary/canaryHealth';
import {
  abortCanary,
  canaryState,
  startCanary,
  stepCanary,
} from '../../../src/anomalies/route/canary/runCanary';
import { effectiveSplit, readPlan } from '../../../src/anomalies/route/registryRouter';
import { readState, writeState } from '../../../src/anomalies/route/stateBlob';
import { setRouting } from '../../../src/anomalies/route/routingState';
import { readSettings } from '../../../src/platform/settings/settings';
import { anomalyScope, readAliases, setAlias, type ModelReference } from '../../../src/registry';
import { filePath, manifestFile } from '../../../src/registry/paths';
import { QuarterdeckError } from '../../../src/contracts';
import { withAzurite } from '../../support/azurite';
import { Killed, killedBlobs } from '../../support/killedBlobs';
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

  test('goes back before it has its requests when every one of a few has failed', async () => {
    const { serve, steps, start, platform } = await setUp();
    await start();
    await serve(2, { errors: 2 });
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'running' });
    await serve(1, { errors: 1 });
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({
      status: 'rolled-back',
      reason: expect.stringContaining('3 of 3 requests failed'),
    });
  });

  test('goes back before it has its requests when a few all take too long', async () => {
    const { serve, steps, start, platform } = await setUp();
    await start();
    await serve(4, { latencyMs: 5_000 });
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({
      status: 'rolled-back',
      reason: expect.stringContaining('p95'),
    });
  });

  test('three failures among many are not yet certain', async () => {
    const { serve, steps, start, platform } = await setUp();
    await start();
    await serve(90, { errors: 3 });
    await steps(1);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'running' });
  });

  test('without traffic ends after its longest stage, and not by a clock that jumps', async () => {
    const { serve, start, platform, health, storage, champion } = await setUp();
    const settings = readSettings({ CANARY_LONGEST_STAGE_HOURS: '1', CANARY_MINIMUM_REQUESTS: '100' });
    await start();
    await serve(7);
    storage.clock.advance(7 * 24 * 60 * minute);
    await stepCanary({ ...platform, settings }, health, signal);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'running' });
    for (let step = 0; step < 11; step++) {
      storage.clock.advance(5 * minute);
      await stepCanary({ ...platform, settings }, health, signal);
    }
    expect(await canaryState(platform, signal)).toMatchObject({
      status: 'aborted',
      reason: '7 of 100 requests in 1.0 h: too few to judge it by',
    });
    expect((await readAliases(storage, signal))!.aliases).toMatchObject({ champion, challenger: null });
  });

  test('ends when another has become champion meanwhile, and does not overwrite it', async () => {
    const { start, serve, steps, platform, storage } = await setUp();
    const other: ModelReference = {
      model: 'isolation_forest',
      version: await publish(storage, anomalyScope('isolation_forest'), 'other'),
    };
    await start();
    await setAlias(storage, 'champion', other, order, signal);
    await serve(100);
    await steps(3);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'aborted' });
    expect((await readAliases(storage, signal))!.aliases).toMatchObject({
      champion: other,
      challenger: null,
    });
  });

  test('a candidate that was taken back meets nobody, even before its alias is withdrawn', async () => {
    const { start, share, platform, storage, candidate } = await setUp();
    await start();
    const { blobs } = killedBlobs(storage.blobs, 2, 'before');
    await expect(abortCanary({ ...platform, blobs }, order, signal)).rejects.toThrow(Killed);
    expect((await readAliases(storage, signal))!.aliases.challenger).toEqual(candidate);
    expect(await share()).toBe(0);
    await stepCanary(platform, undefined, signal);
    expect((await readAliases(storage, signal))!.aliases.challenger).toBeNull();
  });

  test('what passed but cannot be promoted goes back instead of trying for ever', async () => {
    const { platform, storage, champion, candidate, upToTheLastStep } = await atTheLastStep();
    await upToTheLastStep();
    const blobs = {
      ...storage.blobs,
      read: async (name: string, within: AbortSignal) => {
        if (name === filePath(anomalyScope(candidate.model), candidate.version, manifestFile)) {
          throw new QuarterdeckError('BLOB_MISSING', 'gone', { culprit: { blob: name } });
        }
        return storage.blobs.read(name, within);
      },
    };
    await stepCanary({ ...platform, blobs }, undefined, signal);
    expect(await canaryState(platform, signal)).toMatchObject({ status: 'rolled-back' });
    expect((await readAliases(storage, signal))!.aliases).toMatchObject({ champion, challenger: null });
  });

  /** Everything about a canary whose next step is its last. */
  async function atTheLastStep() {
    const made = await setUp();
    const { start, serve, storage } = made;
    const upToTheLastStep = async (): Promise<void> => {
      await start();
      const { state, etag } = (await readState(storage, canaryBlob, signal))!;
      const last = { ...state, stage: state.shares.length - 1, bakedMs: state.bakeMs };
      await writeState(storage, canaryBlob, last, etag, signal);
      await serve(100);
      await made.health.flush();
      storage.clock.advance(minute);
    };
    return { ...made, upToTheLastStep };
  }

  // The changes of the last step: `promoting` is stored, the alias moves, `completed` is stored.
  const deaths = [
    [1, 'before', { status: 'aborted' }, 'champion'],
    [1, 'after', { code: 'CANARY_RUNNING' }, 'candidate'],
    [2, 'before', { code: 'CANARY_RUNNING' }, 'candidate'],
    [2, 'after', { code: 'CANARY_RUNNING' }, 'candidate'],
    [3, 'before', { code: 'CANARY_RUNNING' }, 'candidate'],
    [3, 'after', { code: 'NOT_FOUND' }, 'candidate'],
  ] as const;

  test.each(deaths)(
    'killed at change %i of the last step, %s it, then stopped: %j, and the %s answers',
    async (change, when, stopped, answers) => {
      const { platform, storage, champion, candidate, upToTheLastStep } = await atTheLastStep();
      await upToTheLastStep();
      const { blobs } = killedBlobs(storage.blobs, change, when);
      await expect(stepCanary({ ...platform, blobs }, undefined, signal)).rejects.toThrow(Killed);

      const stop = await abortCanary(platform, order, signal).catch((error: unknown) => error);
      expect(stop).toMatchObject(stopped);
      await stepCanary(platform, undefined, signal);
      const { aliases } = (await readAliases(storage, signal))!;
      expect(aliases).toMatchObject({ champion: { champion, candidate }[answers], challenger: null });
      const ended = { champion: 'aborted', candidate: 'completed' }[answers];
      expect(await canaryState(platform, signal)).toMatchObject({ status: ended });
    },
  );

  test.each(deaths.map(([change, when]) => [change, when] as const))(
    'killed at change %i of the last step, %s it: all units keep the candidate',
    async (change, when) => {
      const { platform, storage, candidate, upToTheLastStep } = await atTheLastStep();
      await upToTheLastStep();
      const { blobs } = killedBlobs(storage.blobs, change, when);
      await expect(stepCanary({ ...platform, blobs }, undefined, signal)).rejects.toThrow(Killed);
      const answering = async () => {
        const split = effectiveSplit(await readPlan(storage, signal));
        return split.challengerShare === 1 ? split.challenger : split.champion;
      };
      expect(await answering()).toEqual(candidate);
      await stepCanary(platform, undefined, signal);
      expect(await answering()).toEqual(candidate);
      expect(await canaryState(platform, signal)).toMatchObject({ status: 'completed' });
    },
  );
});
