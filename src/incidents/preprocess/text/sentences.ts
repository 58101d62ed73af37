/** Words of one piece: text without punctuation is cut into pieces of this size. */
const pieceWords = 40;

/** Abbreviations after which a full stop ends no sentence. */
const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|no|nr|mr|mrs|ms|dr|st|inc|ltd|z\.b|bzw|ca)\.$/i;

/** Sentences in order; a line ends one, and one of more than twice 40 words is cut into pieces of 40. */
export function sentencesOf(text: string): string[] {
  const result: string[] = [];
  for (const line of text.split('\n')) {
    let sentence = '';
    for (const part of line.split(/(?<=[.!?…]["')\]]?)\s+/)) {
      sentence = sentence === '' ? part : `${sentence} ${part}`;
      if (abbreviation.test(sentence.slice(-12))) continue;
      push(result, sentence);
      sentence = '';
    }
    push(result, sentence);
  }
  return result;
}

function push(result: string[], sentence: string): void {
  const words = sentence.trim().split(/\s+/);
  if (words.length <= 2 * pieceWords) {
    if (sentence.trim() !== '') result.push(sentence.trim());
    return;
  }
  for (let start = 0; start < words.length; start += pieceWords) {
    result.push(words.slice(start, start + pieceWords).join(' '));
  }
}

/** Words in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'_-]{0,63}/gu) ?? [];
}

/**
 * Tokens that a byte-pair encoder makes of a text, from above: four characters a token is usual for English, and
 * no word or sign takes less than one.
 */
export function estimateTokens(text: string): number {
  const pieces = text.match(/[\p{L}\p{N}]{1,64}|[^\s\p{L}\p{N}]/gu) ?? [];
  let tokens = 0;
  for (const piece of pieces) tokens += Math.ceil(piece.length / 6);
  return Math.max(tokens, Math.ceil(text.length / 5));
}
