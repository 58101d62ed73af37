import type { Random } from '../../contracts';
import { fitTruncatedSvd, sparseFromRows } from '../decompose';
import type { Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import type { TermColumns, Vocabulary } from './vocabulary';

export interface WordVectorOptions {
  readonly components: number;
  /** Words on either side that count as context, weighted by one over the distance. */
  readonly window: number;
}

/** Context counts are raised to this power, which keeps rare contexts from dominating (Levy et al., 2015). */
const contextSmoothing = 0.75;
/** Vectors are U·Sᵖ; between the symmetric 1/2 and the plain 1. */
const singularValuePower = 0.75;
const powerIterations = 2;

/**
 * Word vectors from positive pointwise mutual information and a truncated SVD: Levy, Goldberg and Dagan,
 * "Improving distributional similarity" (2015).
 * @returns terms × width, or undefined where no two words share a window.
 */
export async function fitWordVectors(
  documents: readonly TermColumns[],
  vocabulary: Vocabulary,
  options: WordVectorOptions,
  random: Random,
  control?: RunControl,
): Promise<Matrix | undefined> {
  const counts = countContexts(documents, vocabulary, options.window, control);
  const rows = positiveInformation(counts);
  if (rows.every((row) => row.size === 0)) return undefined;
  // The matrix is not quite symmetric; its left singular vectors are the right ones of the transpose.
  const { singularValues, loadings } = await fitTruncatedSvd(
    sparseFromRows(transpose(rows), vocabulary.terms.length),
    { components: options.components, powerIterations },
    random,
    control,
  );
  const strengths = singularValues.map((value) => value ** singularValuePower);
  return {
    ...loadings,
    values: loadings.values.map((value, index) => value * strengths[index % loadings.d]!),
  };
}

type Rows = Map<number, number>[];

function countContexts(
  documents: readonly TermColumns[],
  vocabulary: Vocabulary,
  window: number,
  control: RunControl | undefined,
): Rows {
  const counts: Rows = vocabulary.terms.map(() => new Map<number, number>());
  for (const document of documents) {
    checkAborted(control);
    for (let position = 0; position < document.length; position++) {
      const word = document[position]!;
      if (word < 0) continue;
      const end = Math.min(document.length - 1, position + window);
      for (let other = position + 1; other <= end; other++) {
        const context = document[other]!;
        if (context < 0) continue;
        const share = 1 / (other - position);
        add(counts[word]!, context, share);
        add(counts[context]!, word, share);
      }
    }
  }
  return counts;
}

function positiveInformation(counts: Rows): Rows {
  // Counting is symmetric, so the sums of rows are the sums of contexts.
  const wordSums = counts.map((row) => [...row.values()].reduce((sum, count) => sum + count, 0));
  const contextSums = wordSums.map((sum) => sum ** contextSmoothing);
  const contextTotal = contextSums.reduce((sum, value) => sum + value, 0);
  return counts.map((row, word) => {
    const positive = new Map<number, number>();
    for (const [context, count] of row) {
      const information = Math.log((count * contextTotal) / (wordSums[word]! * contextSums[context]!));
      if (information > 0) positive.set(context, information);
    }
    return positive;
  });
}

function transpose(rows: Rows): Rows {
  const result: Rows = rows.map(() => new Map<number, number>());
  rows.forEach((row, index) => {
    for (const [column, value] of row) result[column]!.set(index, value);
  });
  return result;
}

function add(row: Map<number, number>, column: number, share: number): void {
  row.set(column, (row.get(column) ?? 0) + share);
}
