import { describe, expect, test } from '@jest/globals';
import { similarity, sketchOf, wordsOf } from '../../../src/alerts/deduplicate/textSketch';
import { seededRandom } from '../../../src/contracts';

describe('words', () => {
  test('are told apart at capitals and punctuation; numbers and single letters are left out', () => {
    expect([...wordsOf('HighLatency p99_of checkout-7 (größe 12)')]).toEqual([
      'high', 'latency', 'of', 'checkout', 'größe',
    ]); // prettier-ignore
  });

  test('in common are counted over all', () => {
    expect(similarity(wordsOf('disk is full'), wordsOf('disk was full'))).toBeCloseTo(2 / 4);
    expect(similarity(wordsOf(''), wordsOf(''))).toBe(0);
  });
});

test('sketches of texts meet as often as the banding promises', () => {
  const random = seededRandom(4);
  const word = (number: number): string =>
    `${'abcdefghij'[number % 10]}${'klmnopqrst'[Math.floor(number / 10) % 10]}x`;
  const meets = (shared: number, own: number): number => {
    let met = 0;
    const trials = 300;
    for (let trial = 0; trial < trials; trial++) {
      const numbers = Array.from({ length: 100 }, (_, number) => number).sort(() => random.next() - 0.5);
      const text = (from: number): string =>
        [...numbers.slice(0, shared), ...numbers.slice(from, from + own)].map(word).join(' ');
      const [a, b] = [sketchOf(text(shared)), sketchOf(text(shared + own))];
      expect(similarity(a.words, b.words)).toBeCloseTo(shared / (shared + 2 * own), 9);
      if (a.bands.some((hash, band) => hash === b.bands[band])) met++;
    }
    return met / trials;
  };
  // The chance of one of 6 bands of 2 rows at a Jaccard similarity of s is 1 − (1 − s²)⁶.
  expect(meets(16, 2)).toBeGreaterThan(0.98);
  expect(meets(6, 7)).toBeGreaterThan(0.35);
  expect(meets(6, 7)).toBeLessThan(0.52);
  expect(meets(0, 10)).toBeLessThan(0.01);
});
