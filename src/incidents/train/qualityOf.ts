import { noiseCluster, type Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { silhouette } from '../../learn/score';
import type { Quality } from './gate';

/** A mean over this many rows is within about ± 0.01 of the mean over all. */
const silhouetteRows = 3_000;

/** Quality of labels on rows in the embedding space; `relativeValidity` is for the one who has the fit. */
export function qualityOf(embeddings: Matrix, labels: Int32Array, random: Random): Quality {
  const clusters = new Set(labels.filter((label) => label !== noiseCluster)).size;
  const noise = labels.reduce((sum, label) => sum + (label === noiseCluster ? 1 : 0), 0);
  const noiseShare = labels.length > 0 ? noise / labels.length : 0;
  const among =
    clusters < 2
      ? null
      : silhouette(embeddings, labels, { metric: 'cosine', sample: silhouetteRows }, random);
  return {
    clusters,
    noiseShare,
    silhouette: among === null ? null : among * (1 - noiseShare),
    relativeValidity: null,
  };
}
