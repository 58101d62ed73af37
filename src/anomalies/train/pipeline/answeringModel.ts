import { anomalyModelNames, isQuarterdeckError, type FeatureSet } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { anomalyScope, readAliases, readVersion } from '../../../registry';
import { decodeFeatureSet } from '../../features';
import { anomalyModelPaths, decodeAnomalyModel, type AnomalyModel } from '../../model';

/** The champion as it is stored; without a model where its version is damaged or gone. */
export interface AnsweringModel {
  readonly model: AnomalyModel | undefined;
  readonly featureSet: FeatureSet | undefined;
}

/** The model that answers now; undefined while none does. */
export async function answeringModel(
  platform: Platform,
  signal: AbortSignal,
): Promise<AnsweringModel | undefined> {
  const champion = (await readAliases(platform, signal))?.aliases.champion;
  if (!champion || !anomalyModelNames.includes(champion.model)) return undefined;
  const scope = anomalyScope(champion.model);
  try {
    const { files } = await readVersion(platform, scope, champion.version, signal);
    const model = decodeAnomalyModel({ scope, version: champion.version, files });
    const featureSet = files.get(anomalyModelPaths.features);
    return { model, featureSet: featureSet && decodeFeatureSet(featureSet) };
  } catch (error) {
    // A champion that is damaged or gone is no measure; serving reports it.
    if (isQuarterdeckError(error, 'MODEL_MISSING') || isQuarterdeckError(error, 'MODEL_CORRUPT')) {
      platform.telemetry.exception(error, { scope });
      return { model: undefined, featureSet: undefined };
    }
    throw error;
  }
}

/** The model where it takes these features; another one cannot be asked about rows of them. */
export function comparableModel(
  { model }: AnsweringModel,
  features: Pick<FeatureSet, 'id'>,
): AnomalyModel | 'not comparable' {
  return model?.featureSetId === features.id ? model : 'not comparable';
}
