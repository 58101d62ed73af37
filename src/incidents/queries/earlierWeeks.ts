import {
  isQuarterdeckError,
  modelVersionSchema,
  type Manifest,
  type ModelVersion,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { LoadedModel } from '../../registry';
import type { Analysis } from '../model/analysis';
import { versionAnalysis } from '../model/currentModel';
import type { Week } from './weeks';

/** Earlier versions that are looked through: a year of quarters. */
const mostVersions = 4;

/**
 * Sizes of a theme under the versions before the current one, as far as they and their predictions are there: a
 * stable id is the same theme in all of them.
 *
 * @param theme.manifest of the version that comes after
 * @param theme.before only weeks before this one; all when undefined
 */
export async function earlierWeeks(
  platform: Platform,
  theme: { techCenter: string; id: string; manifest: Manifest; before: Timestamp | undefined },
  signal: AbortSignal,
): Promise<Week[]> {
  const { techCenter, id } = theme;
  let weeks: Week[] = [];
  let before = theme.before;
  let version = predecessorOf(theme.manifest);
  for (let step = 0; step < mostVersions && version !== undefined; step++) {
    const analysis = await analysisIfThere(platform, techCenter, version, signal);
    const label = analysis?.value.labeled.clusters.find(({ stableId }) => stableId === id);
    if (!analysis || !label) break;
    const sizes = await platform.warehouse.clusterSizesByWeek({ techCenter, modelVersion: version }, signal);
    const older = sizes
      .filter(({ cluster, week }) => cluster === label.cluster && (before === undefined || week < before))
      .map(({ week, incidents }) => ({ week, incidents }));
    weeks = [...older, ...weeks];
    before = weeks[0]?.week ?? before;
    version = predecessorOf(analysis.manifest);
  }
  return weeks;
}

/** The version that this one was compared with when it was trained, and whose ids it continues. */
function predecessorOf(manifest: Manifest): ModelVersion | undefined {
  const version = modelVersionSchema.safeParse(manifest.parameters['comparedWith']);
  return version.success ? version.data : undefined;
}

/** A version that is gone or damaged ends the history, not the answer. */
async function analysisIfThere(
  platform: Platform,
  techCenter: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<LoadedModel<Analysis> | undefined> {
  try {
    return await versionAnalysis(platform, techCenter, version, signal);
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING') || isQuarterdeckError(error, 'MODEL_CORRUPT')) {
      return undefined;
    }
    throw error;
  }
}
