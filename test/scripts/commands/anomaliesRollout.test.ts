import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anomalyScope, setAlias } from '../../../src/registry';
import { withAzurite } from '../../support/azurite';
import { testStorage } from '../../support/storage';
import { publish } from '../../support/versions';

const signal = AbortSignal.timeout(100_000);

/** One installation, as its operator goes through it: each test begins where the last one ended. */
describe('routing and canaries from the command line', () => {
  const azurite = withAzurite();
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-rollout-'));
    const storage = testStorage(azurite(), 'prediction-artifacts');
    const order = { by: 'a test', reason: 'to see' };
    for (const [alias, model] of [
      ['champion', 'xgboost_anomaly'],
      ['challenger', 'catboost_anomaly'],
    ] as const) {
      const version = await publish(storage, anomalyScope(model), model);
      await setAlias(storage, alias, { model, version }, order, signal);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function anomalies(...words: string[]): Promise<{ code: number; document: unknown; errors: string }> {
    const environment = { ...process.env, AzureWebJobsStorage: azurite(), QUARTERDECK_LOG_LEVEL: 'silent' };
    const command = ['anomalies', ...words, '--data-dir', folder, '--json'];
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(process.cwd(), 'bin', 'quarterdeck.cjs'), ...command],
        { env: environment },
        (error, output, errors) =>
          resolve({
            code: Number(error?.code ?? 0),
            document: output === '' ? undefined : JSON.parse(output),
            errors,
          }),
      );
    });
  }

  test('weights are set and shown, with the model that a unit meets', async () => {
    expect(await anomalies('route', 'set', 'champion=60', 'challenger=40', '--shadow', 'on')).toMatchObject({
      code: 0,
      document: {
        weights: { champion: 60, challenger: 40 },
        shadow: true,
        effective: { challengerShare: 0.4, because: 'weights', champion: { model: 'xgboost_anomaly' } },
      },
    });
    expect(await anomalies('route', 'show', '--unit', 'web-1')).toMatchObject({
      document: { weights: { champion: 60 }, unit: { unit: 'web-1', role: expect.any(String) } },
    });
  });

  test.each([
    ['champion=70', 'challenger=31'],
    ['champion=70'],
    ['champion=70', 'champion=30'],
    ['champion=all', 'challenger=none'],
  ])('weights of %s %s are wrong use', async (...weights) => {
    expect(await anomalies('route', 'set', ...weights)).toMatchObject({
      code: 2,
      document: { error: { code: 'INPUT_INVALID' } },
    });
  });

  test('a canary is started once, looked at, and aborted', async () => {
    expect(await anomalies('canary', 'status')).toMatchObject({ code: 0, document: { canary: null } });
    expect(await anomalies('canary', 'start', '--emergency', '--reason', 'a fix')).toMatchObject({
      code: 0,
      document: { canary: { status: 'running', form: 'emergency', shares: [5, 20, 50, 100], stage: 0 } },
    });
    expect(await anomalies('canary', 'start')).toMatchObject({
      code: 1,
      document: { error: { code: 'CANARY_RUNNING' } },
    });
    expect(await anomalies('route', 'show')).toMatchObject({
      document: { effective: { challengerShare: 0.05, because: 'canary' } },
    });
    expect(await anomalies('canary', 'abort', '--reason', 'changed our mind')).toMatchObject({
      code: 0,
      document: { canary: { status: 'aborted', reason: expect.stringContaining('changed our mind') } },
    });
    expect(await anomalies('canary', 'abort')).toMatchObject({
      code: 2,
      document: { error: { code: 'NOT_FOUND' } },
    });
    expect(await anomalies('canary', 'start', '--candidate', 'somebody@1')).toMatchObject({ code: 2 });
  });
});
