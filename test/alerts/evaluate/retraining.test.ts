import { describe, expect, test } from '@jest/globals';
import { evaluateRetraining } from '../../../src/alerts/evaluate/retraining/evaluateRetraining';

/** `quarterdeck evaluate alert-retraining --trials 200` is the long form. */
describe('weekly retraining, over and over', () => {
  test('promotes nothing for more of the same, and gains more where new kinds have come', async () => {
    const { same, changed } = await evaluateRetraining({ trials: 4, alerts: 150, seed: 7 });
    expect(same).toMatchObject({ trials: 4, promoted: 0, share: 0, skipped: 0 });
    expect(same.shareAtMost).toBeCloseTo(0.403, 2);
    expect(changed).toMatchObject({ trials: 1, skipped: 0 });
    expect(changed.relativeImprovements[5]).toBeGreaterThan(same.relativeImprovements[5]!);
  }, 120_000);

  test('a number of trials that is none is refused', async () => {
    await expect(evaluateRetraining({ trials: 0, alerts: 150, seed: 7 })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'trials' },
    });
  });

  test('it stops when told to', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(
      evaluateRetraining({ trials: 3, alerts: 120, seed: 7 }, { signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
