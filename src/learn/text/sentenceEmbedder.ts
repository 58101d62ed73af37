import { QuarterdeckError, type Random } from '../../contracts';
import type { Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import type { Analyzer } from './analyze';
import { fitLexicalView } from './lexicalView';
import { fitMeaningView } from './meaningView';
import { fitNeighborhoodMap } from './neighborhoodMap';
import { encodeEmbedder } from './embedderBytes';
import { scaleTo, TermProjector, type TermView } from './termView';
import { tokenize } from './tokenize';
import { buildVocabulary } from './vocabulary';

export interface SentenceEmbedderOptions {
  /** Singular directions of each view; the width of the embedding is at most three times this. */
  readonly components?: number;
  /** Texts to learn from; of more, as many are drawn without putting back. */
  readonly maximumTexts?: number;
}

/** A text embedder learned from nothing but texts. */
export interface FittedSentenceEmbedder {
  readonly width: number;
  /**
   * @returns one unit row per text, in order, whatever the other texts are; a zero row for a text without a
   * known term.
   */
  embed(texts: readonly string[]): Matrix;
  toBytes(): Uint8Array;
}

/** One view and how much it counts beside the others. */
export interface WeightedView {
  readonly weight: number;
  readonly view: TermView;
}

const defaultComponents = 128;
/** Enough for the counts to settle; twice as many cost twice the time for the same neighbours. */
const defaultMaximumTexts = 16_384;
/** Texts from which the map is learned: its neighbour search grows with the square. */
const maximumMapTexts = 8_192;
const maximumTerms = { stems: 20_000, characters: 30_000 };
/** Below this many texts a term that stands in one of them still says something. */
const fewTexts = 200;

/** Spelling is the surest witness on short texts, hence its higher weight. */
const viewWeights = { characters: 1.5, words: 1, meaning: 1 };
const lexicalOptions = {
  characters: { analyzer: 'characters', rarityPower: 1, strengthPower: 0.5 },
  words: { analyzer: 'stems', rarityPower: 1.5, strengthPower: 0.5 },
} as const;
const contextWindow = 8;

/**
 * Learns to embed texts from the texts alone. Three views, each of unit length, stand side by side: the spelling
 * (character sequences), the words (stems), and the company that words keep (word vectors). A linear map learned
 * from nearest neighbours then draws like texts together. Sparse counts and truncated SVD throughout:
 * deterministic, and applied by sums.
 * @throws DATA_EMPTY when no text holds a word, PARAMETER_INVALID, ABORTED
 */
export async function fitSentenceEmbedder(
  texts: readonly string[],
  options: SentenceEmbedderOptions,
  random: Random,
  control?: RunControl,
): Promise<FittedSentenceEmbedder> {
  const { components = defaultComponents, maximumTexts = defaultMaximumTexts } = options;
  const learned = drawTexts(texts, maximumTexts, random.fork('texts'));
  const tokens = learned.map(tokenize);
  checkAborted(control);
  const read = (analyzer: Analyzer): ReturnType<typeof buildVocabulary> => {
    const result = buildVocabulary(tokens, analyzer, {
      minimumDocuments: learned.length < fewTexts ? 1 : 2,
      maximumTerms: maximumTerms[analyzer],
    });
    if (result.vocabulary.terms.length === 0) {
      throw new QuarterdeckError('DATA_EMPTY', `none of ${texts.length} texts holds a word to learn from`);
    }
    return result;
  };
  const spelling = read('characters');
  const words = read('stems');
  const views: WeightedView[] = [
    {
      weight: viewWeights.characters,
      view: await fitLexicalView(
        spelling.columns,
        spelling.vocabulary,
        { ...lexicalOptions.characters, components },
        random.fork('characters'),
        control,
      ),
    },
    {
      weight: viewWeights.words,
      view: await fitLexicalView(
        words.columns,
        words.vocabulary,
        { ...lexicalOptions.words, components },
        random.fork('words'),
        control,
      ),
    },
  ];
  const meaning = await fitMeaningView(
    words.columns,
    words.vocabulary,
    { components, window: contextWindow },
    random.fork('meaning'),
    control,
  );
  if (meaning) views.push({ weight: viewWeights.meaning, view: meaning });
  const mapTexts = drawTexts(learned, maximumMapTexts, random.fork('map'));
  const plain = sentenceEmbedder(views, undefined);
  const map = await fitNeighborhoodMap(withoutZeroRows(plain.embed(mapTexts)), random, control);
  return sentenceEmbedder(views, map);
}

export function sentenceEmbedder(
  views: readonly WeightedView[],
  map: Matrix | undefined,
): FittedSentenceEmbedder {
  const viewWidth = views.reduce((sum, { view }) => sum + view.loadings.d, 0);
  const width = map?.d ?? viewWidth;
  const projectors = views.map(({ view, weight }) => ({
    projector: new TermProjector(view),
    weight,
    width: view.loadings.d,
  }));
  return {
    width,
    embed(texts) {
      const values = new Float32Array(texts.length * width);
      const joined = new Float64Array(viewWidth);
      const mapped = new Float64Array(width);
      texts.forEach((text, row) => {
        const tokens = tokenize(text);
        let start = 0;
        for (const { projector, weight, width } of projectors) {
          projector.project(tokens, weight, joined.subarray(start, (start += width)));
        }
        scaleTo(joined, 1);
        if (map) applyMap(map, joined, mapped);
        values.set(map ? mapped : joined, row * width);
      });
      return { values, n: texts.length, d: width };
    },
    toBytes: () => encodeEmbedder(views, map),
  };
}

function applyMap(map: Matrix, vector: Float64Array, mapped: Float64Array): void {
  mapped.fill(0);
  for (let row = 0; row < map.n; row++) {
    const value = vector[row]!;
    if (value === 0) continue;
    for (let column = 0; column < map.d; column++)
      mapped[column]! += value * map.values[row * map.d + column]!;
  }
  scaleTo(mapped, 1);
}

function drawTexts(texts: readonly string[], maximum: number, random: Random): readonly string[] {
  if (texts.length <= maximum) return texts;
  const rows = Int32Array.from(texts.keys());
  for (let index = 0; index < maximum; index++) {
    const other = index + random.integer(rows.length - index);
    [rows[index], rows[other]] = [rows[other]!, rows[index]!];
  }
  return Array.from(rows.subarray(0, maximum).sort(), (row) => texts[row]!);
}

function withoutZeroRows(data: Matrix): Matrix {
  const kept: number[] = [];
  for (let row = 0; row < data.n; row++) {
    if (data.values.subarray(row * data.d, (row + 1) * data.d).some((value) => value !== 0)) kept.push(row);
  }
  const values = new Float32Array(kept.length * data.d);
  kept.forEach((row, index) => {
    values.set(data.values.subarray(row * data.d, (row + 1) * data.d), index * data.d);
  });
  return { values, n: kept.length, d: data.d };
}
