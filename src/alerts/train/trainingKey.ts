import { createHash } from 'node:crypto';
import { codeVersion } from '../../contracts';
import type { LearningOptions } from './learnAlertModel';

/**
 * Names a training by what decides its outcome: the same history, settings, seed and code have the same key, so that a
 * rerun recognises the version that an earlier attempt has published already.
 */
export function trainingKey(historyDigest: string, options: LearningOptions): string {
  const { seed, minimumSamples, contamination, varianceThreshold } = options;
  return createHash('sha256')
    .update(
      JSON.stringify([historyDigest, seed, minimumSamples, contamination, varianceThreshold, codeVersion]),
    )
    .digest('hex');
}
