import { describe, expect, test } from '@jest/globals';
import { Polled } from '../../../src/anomalies/route/polled';
import {
  chooseFrom,
  effectiveSplit,
  readPlan,
  RegistryRouter,
} from '../../../src/anomalies/route/registryRouter';
import { readRouting, setRouting } from '../../../src/anomalies/route/routingState';
import { QuarterdeckError } from '../../../src/contracts';
import { anomalyScope, setAlias, type ModelReference } from '../../../src/registry';
import { withAzurite } from '../../support/azurite';
import { recordingTelemetry } from '../../support/recordingTelemetry';
import { testStorage } from '../../support/storage';
import { testClock } from '../../support/testClock';
import { publish } from '../../support/versions';

const signal = AbortSignal.timeout(60_000);
const order = { by: 'a test', reason: 'to see' };

describe('routing', () => {
  const azurite = withAzurite();
  async function setUp() {
    const storage = testStorage(azurite());
    const reference = async (model: ModelReference['model']): Promise<ModelReference> => ({
      model,
      version: await publish(storage, anomalyScope(model), model),
    });
    const [champion, challenger] = [await reference('xgboost_anomaly'), await reference('catboost_anomaly')];
    return { storage, champion, challenger };
  }

  test.each([
    [70, 31],
    [70, 29],
    [-10, 110],
    [Number.NaN, 30],
    [Infinity, -Infinity],
    [0, 0],
  ])('weights of %d and %d are refused', async (champion, challenger) => {
    const { storage } = await setUp();
    await expect(setRouting(storage, { champion, challenger }, order, signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      culprit: { field: 'weights' },
    });
    expect(await readRouting(storage, signal)).toMatchObject({ champion: 70, challenger: 30 });
  });

  test('weights, shadow and salt are kept, and what is not said stays', async () => {
    const { storage } = await setUp();
    await setRouting(storage, { champion: 33.3, challenger: 66.7, shadow: true, salt: 'x' }, order, signal);
    await setRouting(storage, { champion: 100, challenger: 0 }, order, signal);
    expect(await readRouting(storage, signal)).toMatchObject({
      champion: 100,
      challenger: 0,
      shadow: true,
      salt: 'x',
      changedBy: 'a test',
    });
  });

  test('of several who set weights at once one whole change stands', async () => {
    const { storage } = await setUp();
    await Promise.all(
      [10, 20, 30, 40].map((challenger) =>
        setRouting(storage, { champion: 100 - challenger, challenger }, order, signal),
      ),
    );
    const { champion, challenger } = await readRouting(storage, signal);
    expect(champion + challenger).toBe(100);
  });

  test('without a champion nobody answers; without a challenger the champion answers all', async () => {
    const { storage, champion } = await setUp();
    const router = new RegistryRouter(storage);
    await expect(router.choose('web-1')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await setAlias(storage, 'champion', champion, order, signal);
    const split = effectiveSplit(await readPlan(storage, signal));
    expect(split).toMatchObject({ challengerShare: 0, because: 'no-challenger' });
    for (let unit = 0; unit < 50; unit++) {
      expect(chooseFrom(split, `unit-${unit}`)).toMatchObject({
        ...champion,
        role: 'champion',
        silent: undefined,
      });
    }
  });

  test('units are split 70 to 30, each always to the same model', async () => {
    const { storage, champion, challenger } = await setUp();
    await setAlias(storage, 'champion', champion, order, signal);
    await setAlias(storage, 'challenger', challenger, order, signal);
    const router = new RegistryRouter(storage);
    const roles = await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => (await router.choose(`unit-${index}`)).role),
    );
    expect(roles.filter((role) => role === 'challenger').length / roles.length).toBeCloseTo(0.3, 1);
    const elsewhere = new RegistryRouter(storage);
    const again = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await elsewhere.choose(`unit-${index}`)).role),
    );
    expect(again).toEqual(roles.slice(0, 20));
    expect(await router.models()).toEqual([
      { ...champion, role: 'champion' },
      { ...challenger, role: 'challenger' },
    ]);
  });

  test('in shadow mode the challenger scores silently what the champion answers', async () => {
    const { storage, champion, challenger } = await setUp();
    await setAlias(storage, 'champion', champion, order, signal);
    await setAlias(storage, 'challenger', challenger, order, signal);
    await setRouting(storage, { champion: 100, challenger: 0, shadow: true }, order, signal);
    expect(await new RegistryRouter(storage).choose('web-1')).toMatchObject({
      ...champion,
      silent: { ...challenger, role: 'challenger' },
    });
  });
});

describe('a polled value', () => {
  const setUp = () => {
    const clock = testClock();
    const telemetry = recordingTelemetry();
    const state = { value: 1, failure: undefined as Error | undefined, reads: 0 };
    const polled = new Polled(
      async () => {
        state.reads += 1;
        if (state.failure) throw state.failure;
        return state.value;
      },
      { clock, telemetry },
    );
    return { clock, telemetry, state, polled };
  };

  test('is read once for all who ask at once, beside them when it is a second old, before them after a rest', async () => {
    const { clock, state, polled } = setUp();
    expect(await Promise.all([polled.get(), polled.get(), polled.get()])).toEqual([1, 1, 1]);
    expect(state.reads).toBe(1);
    state.value = 2;
    expect(await polled.get()).toBe(1);
    clock.advance(1_000);
    expect(await polled.get()).toBe(1);
    expect(await polled.get()).toBe(2);
    state.value = 3;
    clock.advance(10_000);
    expect(await polled.get()).toBe(3);
  });

  test('stands while it cannot be read, once it was read at all', async () => {
    const { clock, state, polled, telemetry } = setUp();
    state.failure = new QuarterdeckError('STORAGE_UNAVAILABLE', 'away');
    await expect(polled.get()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    state.failure = undefined;
    expect(await polled.get()).toBe(1);
    state.failure = new QuarterdeckError('STORAGE_UNAVAILABLE', 'away');
    clock.advance(60_000);
    expect(await polled.get()).toBe(1);
    expect(telemetry.exceptions).toHaveLength(1);
  });
});
