import { describe, expect, test } from '@jest/globals';
import { nameDomains } from '../../../src/incidents/train/domains';

const keywords = (...terms: string[]) => terms.map((term, index) => ({ term, weight: 10 - index }));

describe('names of domains', () => {
  test('are the terms that the clusters share, not those of one cluster', () => {
    const domains = nameDomains(
      [0, 1, 0],
      [
        { size: 100, keywords: keywords('token', 'vpn', 'network') },
        { size: 50, keywords: keywords('printer', 'paper') },
        { size: 80, keywords: keywords('wifi', 'network', 'vpn') },
      ],
    );
    expect(domains).toEqual([
      { domain: 0, name: 'Vpn & Network', clusters: [0, 2] },
      { domain: 1, name: 'Printer & Paper', clusters: [1] },
    ]);
  });

  test('are unique and never empty', () => {
    const same = { size: 1, keywords: keywords('disk') };
    const names = nameDomains(
      [0, 1, 2, 3],
      [same, same, { size: 1, keywords: [] }, { size: 0, keywords: [] }],
    );
    expect(names.map(({ name }) => name)).toEqual(['Disk', 'Disk (2)', 'General', 'General (2)']);
  });
});
