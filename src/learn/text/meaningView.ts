import type { Random } from '../../contracts';
import { symmetricEigen } from '../decompose';
import type { RunControl } from '../run';
import { countColumns, scaleTo, type TermView } from './termView';
import type { TermColumns, Vocabulary } from './vocabulary';
import { fitWordVectors, type WordVectorOptions } from './wordVectors';

/** A word of relative frequency p weighs a / (a + p); larger a suits small vocabularies of one trade. */
const smoothInverseFrequency = 1e-2;

/**
 * Texts as weighted means of word vectors without their common component: Arora, Liang and Ma, "A simple but
 * tough-to-beat baseline for sentence embeddings" (2017).
 */
export async function fitMeaningView(
  documents: readonly TermColumns[],
  vocabulary: Vocabulary,
  options: WordVectorOptions,
  random: Random,
  control?: RunControl,
): Promise<TermView | undefined> {
  const vectors = await fitWordVectors(documents, vocabulary, options, random, control);
  if (!vectors) return undefined;
  const { d } = vectors;
  const occurrences = new Float64Array(vocabulary.terms.length);
  const bags = documents.map((document) => countColumns(document, false));
  for (const bag of bags) for (const [column, count] of bag) occurrences[column]! += count;
  const total = occurrences.reduce((sum, count) => sum + count, 0);
  const weighted = vectors.values.map((value, index) => {
    const share = occurrences[Math.floor(index / d)]! / total;
    return (value * smoothInverseFrequency) / (smoothInverseFrequency + share);
  });
  removeDirection(weighted, d, commonComponent(bags, weighted, d));
  return {
    analyzer: 'stems',
    dampenCounts: false,
    terms: vocabulary.terms,
    loadings: { values: weighted, n: vectors.n, d },
  };
}

/** First principal direction of the sentences' vectors, not centred. */
function commonComponent(
  bags: readonly ReadonlyMap<number, number>[],
  loadings: Float32Array,
  d: number,
): Float64Array {
  const gram = new Float64Array(d * d);
  const sentence = new Float64Array(d);
  for (const bag of bags) {
    sentence.fill(0);
    for (const [column, count] of bag) {
      for (let index = 0; index < d; index++) sentence[index]! += count * loadings[column * d + index]!;
    }
    scaleTo(sentence, 1);
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) gram[i * d + j]! += sentence[i]! * sentence[j]!;
  }
  return symmetricEigen(gram, d).vectors.slice(0, d);
}

function removeDirection(loadings: Float32Array, d: number, direction: Float64Array): void {
  for (let start = 0; start < loadings.length; start += d) {
    let dot = 0;
    for (let index = 0; index < d; index++) dot += loadings[start + index]! * direction[index]!;
    for (let index = 0; index < d; index++) loadings[start + index]! -= dot * direction[index]!;
  }
}
