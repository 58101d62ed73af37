import { stem } from './stem';

/** What a view of a text counts. */
export type Analyzer = 'stems' | 'characters';

/** Lengths of the character sequences: short enough to survive inflection and typing errors. */
const shortestGram = 3;
const longestGram = 5;

/** The terms that one word of a text stands for. */
export function termsOf(token: string, analyzer: Analyzer): string[] {
  return analyzer === 'stems' ? [stem(token)] : characterGrams(token);
}

/**
 * Character sequences of 3 to 5 inside one word with a space on either side, so that beginnings and ends
 * differ from middles (scikit-learn's `char_wb`). A word shorter than a sequence gives itself, once.
 */
function characterGrams(token: string): string[] {
  const characters = Array.from(` ${token} `);
  const grams: string[] = [];
  for (let length = shortestGram; length <= longestGram; length++) {
    if (characters.length <= length) {
      grams.push(characters.join(''));
      break;
    }
    for (let start = 0; start + length <= characters.length; start++) {
      grams.push(characters.slice(start, start + length).join(''));
    }
  }
  return grams;
}
