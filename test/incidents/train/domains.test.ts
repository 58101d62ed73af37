import { describe, expect, test } from '@jest/globals';
import { nameDomains } from '../../../src/incidents/train/domains';

const keywords = (...terms: string[]) => terms.map((term, index) => ({ term, weight: 10 - index }));

describe('names of domains', () => {
  test('are what sets the domain apart and its clusters share, not the words of one cluster', () => {
    const domains = nameDomains(
      [0, 1, 0, 0],
      [
        keywords('token', 'vpn', 'networks'),
        keywords('printer', 'paper'),
        keywords('wifi', 'network', 'vpn'),
        keywords('proxy'),
      ],
      [keywords('token', 'network', 'vpn client', 'proxy'), keywords('printer', 'paper', 'tray')],
    );
    expect(domains).toEqual([
      { domain: 0, name: 'Network & Vpn client', clusters: [0, 2, 3] },
      { domain: 1, name: 'Printer & Paper', clusters: [1] },
    ]);
  });

  test('are unique and never empty', () => {
    const names = nameDomains(
      [0, 1, 2, 3],
      [keywords('disk'), keywords('disk'), [], []],
      [keywords('disk'), keywords('disk'), [], []],
    );
    expect(names.map(({ name }) => name)).toEqual(['Disk', 'Disk (2)', 'General', 'General (2)']);
  });

  test('a domain whose clusters have nothing in common takes its own words', () => {
    const [domain] = nameDomains(
      [0, 0, 0],
      [keywords('a1'), keywords('b2'), keywords('c3')],
      [keywords('a1', 'b2')],
    );
    expect(domain!.name).toBe('A1 & B2');
  });
});
