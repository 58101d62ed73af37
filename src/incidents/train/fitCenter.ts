import { noiseCluster, seededRandom } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { classTfIdf, type ClassKeyword } from '../../learn/text';
import type { Task } from '../../learn/threads';
import { clusterEmbeddings } from '../cluster/clusterEmbeddings';
import { defaultRecipe } from '../cluster/recipe';
import { leastSimilarities } from '../model/reach';
import {
  clusterCentroids,
  clusterSizes,
  representativeRows,
  stratifiedSample,
  type RowSample,
} from './clusterMembers';
import type { Quality } from './gate';
import { groupClusters } from './groupClusters';
import { layOut, type FittedLayout } from './layOut';
import { tellingProgress } from './progressChannel';
import { qualityOf } from './qualityOf';

/** The numeric work of training one tech centre, for a worker thread: arrays in, bytes and numbers out. */
export interface FitInput {
  /** n × d, unit rows; over shared memory, so that the thread sees them without a copy. */
  readonly embeddings: Matrix;
  /** What was embedded, for the keywords. */
  readonly texts: readonly string[];
  readonly seed: number;
  /** Where progress is told; see `watchProgress`. */
  readonly progressChannel: string;
}

export interface FitOutput {
  readonly reducer: Uint8Array;
  readonly clusterer: Uint8Array;
  /** Cluster number of each row, -1 for noise. */
  readonly labels: Int32Array;
  readonly clusters: readonly FittedCluster[];
  /** Domain number of each cluster. */
  readonly domainOfCluster: Int32Array;
  /** Keywords of each domain against the other domains. */
  readonly domainKeywords: readonly (readonly ClassKeyword[])[];
  readonly quality: Quality;
  readonly layout: FittedLayout;
  /** Rows on which this version is compared with the current one. */
  readonly sample: RowSample;
}

export interface FittedCluster {
  readonly size: number;
  readonly persistence: number;
  readonly centroid: Float32Array;
  readonly leastSimilarity: number;
  readonly keywords: readonly ClassKeyword[];
  /** Rows, most typical first. */
  readonly representatives: readonly number[];
}

const keywordsPerCluster = 12;
const keywordsPerDomain = 20;
const representativesPerCluster = 8;
/** Rows that the current version predicts for the comparison: transforming them is the cost. */
const sampleSize = { size: 1_500, minimumPerCluster: 8 };

/** @throws DATA_TOO_FEW_ROWS, DATA_NOT_FINITE */
export function fitCenter(input: FitInput): Promise<FitOutput> {
  const { embeddings, texts, seed } = input;
  const random = seededRandom(seed);
  return tellingProgress(input.progressChannel, async (onProgress) => {
    const recipe = defaultRecipe(embeddings.n);
    const fitted = await clusterEmbeddings(embeddings, recipe, random.fork('cluster'), { onProgress });
    const { reducer, clusterer, labels, strengths } = fitted;
    const count = clusterer.clusterCount;
    onProgress({ stage: 'describe', done: 0, total: 1 });
    const centroids = clusterCentroids(embeddings, labels, count);
    const leastSimilarity = leastSimilarities(embeddings, labels, centroids);
    const sizes = clusterSizes(labels, count);
    const textsOf = textsByCluster(texts, labels, count);
    const keywords = classTfIdf(textsOf, { keywords: keywordsPerCluster });
    const representatives = representativeRows(
      { embeddings, labels, strengths, titles: texts },
      centroids,
      representativesPerCluster,
    );
    const domainOfCluster = await groupClusters(centroids, random.fork('domains'));
    const domainTexts: string[][] = Array.from({ length: 1 + Math.max(-1, ...domainOfCluster) }, () => []);
    domainOfCluster.forEach((domain, cluster) => {
      for (const text of textsOf[cluster]!) domainTexts[domain]!.push(text);
    });
    onProgress({ stage: 'evaluate', done: 0, total: 1 });
    const quality = qualityOf(embeddings, labels, random.fork('quality'));
    onProgress({ stage: 'map', done: 0, total: 1 });
    const layout = await layOut(reducer.embedding, labels, count, random.fork('layout'), {});
    return {
      reducer: reducer.toBytes(),
      clusterer: clusterer.toBytes(),
      labels,
      clusters: centroids.map((centroid, cluster) => ({
        size: sizes[cluster]!,
        persistence: clusterer.persistence[cluster]!,
        centroid,
        leastSimilarity: leastSimilarity[cluster]!,
        keywords: keywords[cluster]!,
        representatives: representatives[cluster]!,
      })),
      domainOfCluster,
      domainKeywords: classTfIdf(domainTexts, { keywords: keywordsPerDomain }),
      quality: { ...quality, relativeValidity: clusterer.relativeValidity },
      layout,
      sample: stratifiedSample(labels, sampleSize, random.fork('sample')),
    };
  });
}

export const fitCenterTask: Task<FitInput, FitOutput> = {
  module: __filename,
  name: 'fitCenter',
  call: fitCenter,
};

/** Redaction marks such as `[email]` are in many tickets and say nothing of any theme. */
const redactionMark = /\[[a-z-]+\]/g;

function textsByCluster(texts: readonly string[], labels: Int32Array, clusters: number): string[][] {
  const result: string[][] = Array.from({ length: clusters }, () => []);
  labels.forEach((label, row) => {
    if (label !== noiseCluster) result[label]!.push(texts[row]!.replaceAll(redactionMark, ' '));
  });
  return result;
}
