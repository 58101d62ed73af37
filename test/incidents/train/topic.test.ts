import { describe, expect, test } from '@jest/globals';
import { distinctTerms, topicsFromKeywords } from '../../../src/incidents/train/topic';

const keywords = (...terms: string[]) => terms.map((term, index) => ({ term, weight: 1 / (index + 1) }));

describe('topics from keywords', () => {
  test('a topic is the heaviest terms that do not repeat each other', () => {
    expect(topicsFromKeywords([keywords('vpn', 'vpn client', 'token', 'tokens', 'expired')])).toEqual([
      'Vpn, token, expired',
    ]);
  });

  test('no two clusters of a centre have the same topic', () => {
    const topics = topicsFromKeywords([
      keywords('printer', 'paper', 'jam', 'tray'),
      keywords('printer', 'paper', 'jam', 'toner'),
      keywords('printer', 'paper', 'jam'),
      keywords('printer', 'paper', 'jam'),
      [],
      [],
    ]);
    expect(topics).toEqual([
      'Printer, paper, jam',
      'Printer, paper, jam, toner',
      'Printer, paper, jam (2)',
      'Printer, paper, jam (3)',
      'Unnamed theme',
      'Unnamed theme (2)',
    ]);
  });

  test('a term that repeats a word of a heavier one, in whatever form, says nothing new', () => {
    expect(distinctTerms(keywords('locked account', 'accounts', 'Locking', 'reset'))).toEqual([
      'locked account',
      'reset',
    ]);
  });
});
