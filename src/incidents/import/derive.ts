import { createHash } from 'node:crypto';

/** What takes the place of a column that a file lacks. */

/** Hexadecimal digits of the hash in a number: 52 bits, exact in a float, so that a map of them stays small. */
const hashDigits = 13;

/** Numbers from the content: the same file gives the same numbers, and a row that occurs twice gets two. */
export class ContentNumbers {
  private readonly occurrences = new Map<number, number>();

  numberOf(parts: readonly string[]): string {
    const hash = createHash('sha256');
    // Lengths keep ('ab', 'c') apart from ('a', 'bc').
    for (const part of parts) hash.update(`${part.length}:`).update(part);
    const digits = hash.digest('hex').slice(0, hashDigits);
    const key = Number.parseInt(digits, 16);
    const occurrence = (this.occurrences.get(key) ?? 0) + 1;
    this.occurrences.set(key, occurrence);
    const number = `H${digits.toUpperCase()}`;
    return occurrence === 1 ? number : `${number}-${occurrence}`;
  }
}

const titleWords = 14;
const titleCharacters = 120;

/** The first sentence, at most 14 words of it. */
export function firstSentence(text: string): string {
  const line = text.trimStart().slice(0, 2_000).split('\n', 1)[0]!;
  const sentence = line.split(/(?<=[.!?])\s/, 1)[0]!.trim();
  const words = sentence.split(/\s+/).slice(0, titleWords).join(' ').slice(0, titleCharacters);
  return words.trim();
}
