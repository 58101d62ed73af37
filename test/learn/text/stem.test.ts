import { describe, expect, test } from '@jest/globals';
import { stem, tokenize } from '../../../src/learn/text';

describe('stems', () => {
  // Examples of Porter's paper, step by step.
  test.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['feed', 'feed'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['bled', 'bled'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['conflated', 'conflat'],
    ['troubling', 'troubl'],
    ['sized', 'size'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['hissing', 'hiss'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['conditional', 'condit'],
    ['vietnamization', 'vietnam'],
    ['triplicate', 'triplic'],
    ['electrical', 'electr'],
    ['hopefulness', 'hope'],
    ['revival', 'reviv'],
    ['allowance', 'allow'],
    ['replacement', 'replac'],
    ['adoption', 'adopt'],
    ['probate', 'probat'],
    ['cease', 'ceas'],
    ['controll', 'control'],
    ['roll', 'roll'],
    ['generalizations', 'gener'],
    ['oscillators', 'oscil'],
  ])('%s → %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  test('leave possessives, numbers and other scripts sensible', () => {
    expect(["user's", "users'", 'office365', 'größe', 'is', '漢字'].map(stem)).toEqual([
      'user',
      'user',
      'office365',
      'größe',
      'is',
      '漢字',
    ]);
  });
});

describe('tokens', () => {
  test('are words in lower case, whatever the punctuation', () => {
    expect(tokenize('Can’t open ＶＰＮ-client (v2.1): `Über-Läufer`!')).toEqual([
      "can't",
      'open',
      'vpn',
      'client',
      'v2',
      '1',
      'über',
      'läufer',
    ]);
    expect(tokenize('…?!')).toEqual([]);
  });
});
