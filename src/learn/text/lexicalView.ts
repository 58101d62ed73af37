import type { Random } from '../../contracts';
import { fitTruncatedSvd, sparseFromRows } from '../decompose';
import type { RunControl } from '../run';
import type { Analyzer } from './analyze';
import { countColumns, type TermView } from './termView';
import type { TermColumns, Vocabulary } from './vocabulary';

export interface LexicalViewOptions {
  readonly analyzer: Analyzer;
  readonly components: number;
  /** Inverse document frequency counts to this power. */
  readonly rarityPower: number;
  /** A direction counts in proportion to its singular value to this power. */
  readonly strengthPower: number;
}

/** Passes of the singular vectors; text spectra fall fast enough for two. */
const powerIterations = 2;

/**
 * Latent semantic analysis (Deerwester et al., 1990): weighted term counts of unit length, reduced to their
 * leading singular directions.
 */
export async function fitLexicalView(
  documents: readonly TermColumns[],
  vocabulary: Vocabulary,
  options: LexicalViewOptions,
  random: Random,
  control?: RunControl,
): Promise<TermView> {
  const weights = rarity(vocabulary).map((value) => value ** options.rarityPower);
  const rows = documents.map((document) => weighted(countColumns(document, true), weights));
  const sparse = sparseFromRows(rows, vocabulary.terms.length);
  const { singularValues, loadings } = await fitTruncatedSvd(
    sparse,
    { components: options.components, powerIterations },
    random,
    control,
  );
  const strengths = singularValues.map((value) => (value / singularValues[0]!) ** options.strengthPower);
  const folded = loadings.values.map(
    (value, index) => value * weights[Math.floor(index / loadings.d)]! * strengths[index % loadings.d]!,
  );
  return {
    analyzer: options.analyzer,
    dampenCounts: true,
    terms: vocabulary.terms,
    loadings: { ...loadings, values: folded },
  };
}

/** Smooth inverse document frequency, as in scikit-learn. */
function rarity(vocabulary: Vocabulary): Float64Array {
  return Float64Array.from(
    vocabulary.documentFrequency,
    (frequency) => Math.log((1 + vocabulary.documents) / (1 + frequency)) + 1,
  );
}

function weighted(counts: ReadonlyMap<number, number>, weights: Float64Array): Map<number, number> {
  let square = 0;
  const row = new Map<number, number>();
  for (const [column, count] of counts) {
    const value = count * weights[column]!;
    row.set(column, value);
    square += value * value;
  }
  const length = Math.sqrt(square);
  for (const [column, value] of row) row.set(column, value / length);
  return row;
}
