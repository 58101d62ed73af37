import { createHash } from 'node:crypto';
import { quarterBounds, type Embedder, type Position, type Quarter, type Timestamp } from '../../contracts';
import { matrix, type Matrix } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import { currentIncidentEmbedder } from '../preprocess/incidentEmbedder';

/** The rows of one tech centre and quarter, as training sees them. */
export interface TrainingData {
  readonly numbers: readonly string[];
  /** Summaries, the texts that were embedded. */
  readonly texts: readonly string[];
  /** n × d over shared memory, so that a worker thread sees them without a copy; all made by `embedder`. */
  readonly embeddings: Matrix;
  readonly embedder: Embedder | undefined;
  readonly window: { readonly from: Timestamp; readonly to: Timestamp };
  /** Rows left out because their text has no content. */
  readonly empty: number;
  /** SHA-256 over numbers and texts, in order. */
  readonly digest: string;
}

/** Rows per read: a page of 1,536 columns is about 12 MB. */
const pageRows = 2_000;

/**
 * Rows embedded by another model than the current one are embedded again from their summary.
 * @throws MODEL_MISSING when there is no embedder, EMBEDDING_*, WAREHOUSE_*
 */
export async function loadTrainingData(
  platform: Platform,
  techCenter: string,
  quarter: Quarter,
  signal: AbortSignal,
): Promise<TrainingData> {
  const window = quarterBounds(quarter);
  const numbers: string[] = [];
  const texts: string[] = [];
  const vectors: Float32Array[] = [];
  const digest = createHash('sha256');
  let embedder: Embedder | undefined;
  let empty = 0;
  let after: Position | undefined;
  for (;;) {
    const rows = await platform.warehouse.preprocessedBetween(
      { techCenter, ...window, ...(after && { after }), limit: pageRows },
      signal,
    );
    if (rows.length > 0) embedder ??= await currentIncidentEmbedder(platform, signal);
    const foreign = rows.filter((row) => row.embeddingModel !== embedder?.model);
    const fresh =
      foreign.length > 0
        ? await embedder!.embed(
            foreign.map((row) => row.combinedIncidentsSummary),
            { signal },
          )
        : [];
    const again = new Map(foreign.map((row, index) => [row.number, fresh[index]!]));
    for (const row of rows) {
      const vector = again.get(row.number) ?? row.embedding;
      digest.update(JSON.stringify([row.number, row.combinedIncidentsSummary]));
      if (vector.every((value) => value === 0)) {
        empty++;
        continue;
      }
      numbers.push(row.number);
      texts.push(row.combinedIncidentsSummary);
      vectors.push(vector);
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageRows) break;
    after = { sysCreatedOn: last.sysCreatedOn, number: last.number };
  }
  return {
    numbers,
    texts,
    embeddings: sharedMatrix(vectors),
    embedder,
    window,
    empty,
    digest: digest.digest('hex'),
  };
}

function sharedMatrix(vectors: readonly Float32Array[]): Matrix {
  const width = vectors[0]?.length ?? 0;
  const values = new Float32Array(new SharedArrayBuffer(vectors.length * width * 4));
  vectors.forEach((vector, row) => values.set(vector, row * width));
  return matrix(values, vectors.length, width);
}
