import { describe, expect, test } from '@jest/globals';
import { classTfIdf } from '../../../src/learn/text';

const printers = [
  'The printers jam again',
  'printer jams on floor 3',
  'printer jam, please help',
  'Toner is low',
];
const mail = [
  'Mailbox full, please help',
  'my mailbox full again',
  'Shared mailbox missing',
  'outlook crash',
];

describe('class-based TF-IDF', () => {
  test('names what sets a class apart, pairs before their words, heaviest first', () => {
    const [ofPrinters, ofMail] = classTfIdf([printers, mail]);
    expect(ofPrinters![0]!.term).toBe('printer jam');
    expect(ofMail![0]!.term).toBe('mailbox full');
    for (const keywords of [ofPrinters!, ofMail!]) {
      for (let index = 1; index < keywords.length; index++) {
        expect(keywords[index]!.weight).toBeLessThanOrEqual(keywords[index - 1]!.weight);
      }
    }
  });

  test('repeats no word, and names no function word, number or single letter', () => {
    const words = classTfIdf([printers, mail])
      .map((keywords) => keywords.flatMap(({ term }) => term.split(' ')))
      .map((terms) => {
        expect(new Set(terms).size).toBe(terms.length);
        return terms;
      })
      .flat();
    for (const word of ['the', 'please', 'my', 'is', '3']) expect(words).not.toContain(word);
  });

  test('ranks a word of every class below one of its own', () => {
    const [first] = classTfIdf([
      ['server slow', 'server restart', 'server slow'],
      ['server disk', 'server disk'],
      ['server fan', 'server fan'],
    ]);
    const terms = first!.map(({ term }) => term);
    expect(terms[0]).toContain('slow');
  });

  test('lets no single long document speak for its class', () => {
    const repeated = Array.from({ length: 50 }, () => 'lasagne').join(' ');
    const [first] = classTfIdf([['vpn down', 'vpn slow', 'vpn down', repeated], mail]);
    expect(first![0]!.term).toContain('vpn');
  });

  test('gives nothing for a class without words, and as many keywords as asked for', () => {
    expect(classTfIdf([[], ['the', '12'], ['disk full']])).toEqual([[], [], expect.anything()]);
    expect(classTfIdf([printers, mail], { keywords: 1 }).map((keywords) => keywords.length)).toEqual([1, 1]);
    expect(classTfIdf([])).toEqual([]);
    expect(() => classTfIdf([printers], { keywords: 0 })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'keywords' } }),
    );
  });
});
