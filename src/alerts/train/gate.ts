import type { GateCheck } from '../../registry';
import type { AlertClusterFit } from '../cluster';
import { leastImprovement, type ModelComparison } from './compareModels';

/** A clustering into one part tells nothing apart. */
const fewestClusters = 2;
/** A model that has no word for half of the alerts is of no use, however tight the rest is. */
const mostNoise = 0.5;

/**
 * Whether a new model may take the place of the current one: it is valid by itself, and on the same held-out rows its
 * silhouette is better by more than 5 %, and surely so. Without a current model being valid is enough.
 */
export function gateChecks(
  fit: Pick<AlertClusterFit, 'clusters' | 'noiseShare' | 'silhouetteInterval'>,
  comparison: ModelComparison | undefined,
): GateCheck[] {
  const { clusters, noiseShare, silhouetteInterval } = fit;
  const checks: GateCheck[] = [
    {
      name: 'clusters',
      value: clusters,
      limit: fewestClusters,
      passed: clusters >= fewestClusters,
      reason: `${clusters} clusters, at least ${fewestClusters} are needed`,
    },
    {
      name: 'noise',
      value: noiseShare,
      limit: mostNoise,
      passed: noiseShare <= mostNoise,
      reason: `${percent(noiseShare)} of the alerts belong to no cluster, at most ${percent(mostNoise)} may`,
    },
    {
      name: 'silhouette',
      value: silhouetteInterval.lower,
      limit: 0,
      passed: silhouetteInterval.lower > 0,
      reason: `silhouette is ${silhouetteInterval.estimate.toFixed(3)}, surely above ${silhouetteInterval.lower.toFixed(3)}; 0 tells nothing apart`,
    },
  ];
  if (!comparison) return checks;
  const { candidate, current, improvement, relativeImprovement } = comparison;
  const sides = `${candidate.score.toFixed(3)} against ${current.score.toFixed(3)} of the current model`;
  checks.push(
    {
      name: 'improvement',
      value: relativeImprovement,
      limit: leastImprovement,
      passed: relativeImprovement > leastImprovement,
      reason: `silhouette on ${comparison.rows} held-out alerts: ${sides}, more than ${percent(leastImprovement)} better is needed`,
    },
    {
      name: 'improvementIsSure',
      value: improvement.lower,
      limit: 0,
      passed: improvement.lower > 0,
      reason: `the difference lies between ${improvement.lower.toFixed(3)} and ${improvement.upper.toFixed(3)}, above 0 is needed`,
    },
  );
  return checks;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
