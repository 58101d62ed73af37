import { describe, expect, test } from '@jest/globals';
import { batchTexts } from '../../../src/platform/embedding/textBatches';

const limits = { texts: 3, tokens: 10, tokensPerText: 4 };

describe('batches of texts', () => {
  test('hold every text once and in order, but the blank ones', () => {
    const texts = ['a', '', 'b', 'c', 'd', '\t', 'e'];
    const batches = batchTexts(texts, limits);
    expect(batches.flatMap(({ rows }) => rows)).toEqual([0, 2, 3, 4, 6]);
    expect(batches.flatMap((batch) => batch.texts)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('keep to the number of texts and of tokens', () => {
    expect(batchTexts(Array(7).fill('a'), limits).map(({ rows }) => rows.length)).toEqual([3, 3, 1]);
    expect(batchTexts(Array(4).fill('twelve bytes'), limits).map(({ rows }) => rows.length)).toEqual([2, 2]);
  });

  test('a text over its limit is cut at a whole character', () => {
    const [batch] = batchTexts(['日本語日本語', 'ä'.repeat(50)], { ...limits, tokensPerText: 3 });
    expect(batch!.texts[0]).toBe('日本語');
    expect(batch!.texts[1]).toBe('ääää');
  });

  test('nothing makes no batch', () => {
    expect(batchTexts(['', ' '], limits)).toEqual([]);
  });
});
