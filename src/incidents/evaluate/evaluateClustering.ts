import { QuarterdeckError, noiseCluster, seededRandom } from '../../contracts';
import type { RunControl } from '../../learn/run';
import { adjustedRandIndex, clusteringAccuracy, normalizedMutualInformation } from '../../learn/score';
import { fitSentenceEmbedder } from '../../learn/text';
import { clusterEmbeddings } from '../cluster/clusterEmbeddings';
import { defaultRecipe } from '../cluster/recipe';
import { firstSentence } from '../import/derive';
import { cleanText } from '../preprocess/text/cleanText';
import { summarize } from '../preprocess/text/summarize';

export interface LabelledText {
  readonly text: string;
  /** What a person called it; the clustering never sees it. */
  readonly label: string;
}

export interface EvaluationOptions extends RunControl {
  readonly seed: number;
  /** More texts, without labels, for the embedder to learn from. */
  readonly corpus?: readonly string[];
  /** Most tokens of a ticket's summary, as in preprocessing. */
  readonly summaryTokens: number;
}

export interface ClusteringEvaluation {
  readonly n: number;
  /** Labels in the file. */
  readonly labels: number;
  readonly clusters: number;
  /** Share of the tickets called noise, before each is put to its nearest cluster. */
  readonly noiseShare: number;
  /** Agreement with the labels, every ticket assigned. */
  readonly nmi: number;
  readonly ari: number;
  readonly accuracy: number;
  /** Agreement over the tickets that are not noise. */
  readonly nmiWithoutNoise: number;
  readonly ariWithoutNoise: number;
  /** Density-based validity of the clusters, which needs no labels. */
  readonly relativeValidity: number;
  readonly minClusterSize: number;
}

/**
 * Clusters labelled texts as production clusters tickets (prepare, embed by an embedder learned from these texts,
 * UMAP, HDBSCAN), then compares clusters and labels.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, ABORTED
 */
export async function evaluateClustering(
  rows: readonly LabelledText[],
  options: EvaluationOptions,
): Promise<ClusteringEvaluation> {
  if (rows.length === 0) throw new QuarterdeckError('DATA_EMPTY', 'there are no rows to evaluate');
  const random = seededRandom(options.seed);
  const prepare = (text: string): string => prepareText(text, options.summaryTokens);
  const texts = rows.map(({ text }) => prepare(text));
  const corpus = (options.corpus ?? []).map(prepare);
  const embedder = await fitSentenceEmbedder([...texts, ...corpus], {}, random.fork('embedder'), options);
  const recipe = defaultRecipe(rows.length);
  const { clusterer, labels, assigned } = await clusterEmbeddings(
    embedder.embed(texts),
    recipe,
    random.fork('cluster'),
    options,
  );
  const truth = numbered(rows.map(({ label }) => label));
  const kept = Int32Array.from(labels.keys()).filter((row) => labels[row] !== noiseCluster);
  const keptTruth = kept.map((row) => truth[row]!);
  const keptLabels = kept.map((row) => labels[row]!);
  return {
    n: rows.length,
    labels: new Set(truth).size,
    clusters: clusterer.clusterCount,
    noiseShare: 1 - kept.length / rows.length,
    nmi: normalizedMutualInformation(truth, assigned),
    ari: adjustedRandIndex(truth, assigned),
    accuracy: clusteringAccuracy(truth, assigned),
    nmiWithoutNoise: kept.length > 0 ? normalizedMutualInformation(keptTruth, keptLabels) : 0,
    ariWithoutNoise: kept.length > 0 ? adjustedRandIndex(keptTruth, keptLabels) : 0,
    relativeValidity: clusterer.relativeValidity,
    minClusterSize: recipe.minClusterSize,
  };
}

/** What import and preprocessing make of a ticket that has one column of text. */
function prepareText(text: string, tokens: number): string {
  return summarize(cleanText(firstSentence(text)), cleanText(text), { tokens });
}

function numbered(labels: readonly string[]): Int32Array {
  const numberOf = new Map<string, number>();
  for (const label of labels) if (!numberOf.has(label)) numberOf.set(label, numberOf.size);
  return Int32Array.from(labels, (label) => numberOf.get(label)!);
}
