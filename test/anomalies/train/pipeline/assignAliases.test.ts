import { describe, expect, test } from '@jest/globals';
import { startCanary } from '../../../../src/anomalies/route/canary/runCanary';
import { assignAliases } from '../../../../src/anomalies/train/pipeline/assignAliases';
import type { PublishedModel } from '../../../../src/anomalies/train/pipeline/publishModel';
import type { AnomalyModelName } from '../../../../src/contracts';
import { readSettings } from '../../../../src/platform/settings/settings';
import { anomalyScope, readAliases, setAlias, type ModelReference } from '../../../../src/registry';
import { withAzurite } from '../../../support/azurite';
import { testStorage } from '../../../support/storage';
import { publish } from '../../../support/versions';

const signal = AbortSignal.timeout(60_000);
const figures = {
  f1: 0.9,
  precision: 0.95,
  recall: 0.9,
  rows: 900,
  anomalies: 40,
  reviewedRows: 50,
  reviewedAnomalies: 20,
  reviewedEvents: 6,
  reviewed: { f1: 0.9, precision: 0.95, recall: 0.9, aucPr: 0.9, alarms: 40, rightAlarms: 38 },
};
const order = { by: 'a test', reason: 'to see' };

describe('the aliases after a training', () => {
  const azurite = withAzurite();

  async function setUp() {
    const platform = { ...testStorage(azurite()), settings: readSettings({}) };
    const version = async (model: AnomalyModelName, content: string): Promise<ModelReference> => ({
      model,
      version: await publish(platform, anomalyScope(model), content),
    });
    const trained = async (model: AnomalyModelName, aucPr: number): Promise<PublishedModel> => ({
      ...(await version(model, `trained ${aucPr}`)),
      figures: { ...figures, aucPr },
      promotion: 'promoted',
      reason: 'passed',
      checks: [],
    });
    const aliases = async () => (await readAliases(platform, signal))!.aliases;
    return { platform, version, trained, aliases };
  }

  test('the best two answer and challenge where nobody answered, later the best challenges', async () => {
    const { platform, trained, aliases } = await setUp();
    const [best, second] = [await trained('catboost_anomaly', 0.9), await trained('xgboost_anomaly', 0.8)];
    await assignAliases(platform, [second, best], signal);
    expect(await aliases()).toMatchObject({
      champion: { version: best.version },
      challenger: { version: second.version },
    });
    const later = await trained('xgboost_anomaly', 0.7);
    await assignAliases(platform, [later], signal);
    expect(await aliases()).toMatchObject({
      champion: { version: best.version },
      challenger: { version: later.version },
    });
  });

  test('stay as they are while a canary is under way', async () => {
    const { platform, version, trained, aliases } = await setUp();
    await setAlias(platform, 'champion', await version('isolation_forest', 'champion'), order, signal);
    await setAlias(platform, 'challenger', await version('xgboost_anomaly', 'candidate'), order, signal);
    await startCanary(platform, { form: 'standard' }, order, signal);
    const before = await aliases();
    const training = [await trained('catboost_anomaly', 0.9), await trained('isolation_forest', 0.5)];
    expect(await assignAliases(platform, training, signal)).toEqual(before);
    expect(await aliases()).toEqual(before);
  });
});
