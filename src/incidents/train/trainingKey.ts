import { createHash } from 'node:crypto';
import type { Quarter } from '../../contracts';
import { codeVersion } from '../../contracts';
import type { ClusteringRecipe } from '../cluster/recipe';

/**
 * Names a training by everything that decides its outcome: the same data, embedder, parameters, seed and code have
 * the same key, so that a rerun recognises the version that an earlier attempt has published already.
 */
export function trainingKey(input: {
  readonly techCenter: string;
  readonly quarter: Quarter;
  /** Digest of the rows; see `loadTrainingData`. */
  readonly dataDigest: string;
  readonly embeddingModel: string;
  readonly recipe: ClusteringRecipe;
  readonly seed: number;
}): string {
  const { techCenter, quarter, dataDigest, embeddingModel, recipe, seed } = input;
  return createHash('sha256')
    .update(
      JSON.stringify([
        techCenter,
        quarter.year,
        quarter.quarter,
        dataDigest,
        embeddingModel,
        Object.entries(recipe).sort(([a], [b]) => (a < b ? -1 : 1)),
        seed,
        codeVersion,
      ]),
    )
    .digest('hex');
}
