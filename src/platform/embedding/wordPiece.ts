/**
 * BERT's tokenizer: basic tokenization, then greedy longest-match WordPiece (Devlin et al., 2018; `tokenization.py`
 * of google-research/bert, and the BertNormalizer of huggingface/tokenizers).
 */
export interface WordPieceVocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly unknown: number;
  readonly start: number;
  readonly end: number;
  readonly padding: number;
  /** Marks a piece that continues a word. */
  readonly continuation: string;
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
}

/** Words longer than this are unknown as a whole, as in the reference. */
const longestWord = 100;

/** Token ids of one text, from the start token to the end token, cut to `maximumTokens`. */
export function encodeText(text: string, vocabulary: WordPieceVocabulary, maximumTokens: number): number[] {
  const ids = [vocabulary.start];
  for (const word of words(text, vocabulary)) {
    ids.push(...pieces(word, vocabulary));
    if (ids.length >= maximumTokens - 1) break;
  }
  ids.length = Math.min(ids.length, maximumTokens - 1);
  return [...ids, vocabulary.end];
}

function words(text: string, { lowercase, stripAccents }: WordPieceVocabulary): string[] {
  let normal = text.replaceAll(/[\0\ufffd]|(?![\t\n\r])\p{C}/gu, '').replaceAll(/\s+/g, ' ');
  if (lowercase) normal = normal.toLowerCase();
  if (stripAccents) normal = normal.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
  // Each ideograph and each sign is a word of its own.
  return normal.replaceAll(/[\p{Script=Han}\p{P}$+<=>^`|~]/gu, ' $& ').match(/\S+/g) ?? [];
}

function pieces(word: string, vocabulary: WordPieceVocabulary): number[] {
  const characters = Array.from(word);
  if (characters.length > longestWord) return [vocabulary.unknown];
  const found: number[] = [];
  let start = 0;
  while (start < characters.length) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start; end--) {
      const piece = characters.slice(start, end).join('');
      id = vocabulary.ids.get(start === 0 ? piece : vocabulary.continuation + piece);
      if (id !== undefined) break;
    }
    if (id === undefined) return [vocabulary.unknown];
    found.push(id);
    start = end;
  }
  return found;
}
