import { expect, test } from '@jest/globals';
import { countKey, learnSessionFeatures } from '../../../../src/anomalies/evaluate/sessions/sessionFeatures';
import { rowOf } from '../../../../src/learn/matrix';

const training = [...Array.from({ length: 9 }, () => ['open', 'write', 'close']), ['open', 'close']];
const features = learnSessionFeatures(training);
const valuesOf = (templates: string[]): Record<string, number> => {
  const row = rowOf(features.rows([templates]), 0);
  return Object.fromEntries(features.names.map((name, column) => [name, row[column]!]));
};

test('a session is described by counts, length, and templates that training lacks', () => {
  expect(valuesOf(['open', 'write', 'write', 'fail'])).toMatchObject({
    open: 1,
    write: 2,
    close: 0,
    length: 4,
    'unknown templates': 1,
  });
});

test('counts that training never had are rarest, whatever their order', () => {
  const rarity = (templates: string[]): number => valuesOf(templates)['rarity of counts']!;
  expect(rarity(['write', 'close', 'open'])).toBeCloseTo(-Math.log(10 / 11), 5);
  expect(rarity(['open', 'close'])).toBeCloseTo(-Math.log(2 / 11), 5);
  expect(rarity(['open'])).toBeCloseTo(Math.log(11), 5);
});

test('a step that training never made is less likely than any that it made', () => {
  const step = (templates: string[]): number => valuesOf(templates)['least likely step']!;
  expect(step(['open', 'close', 'write'])).toBeGreaterThan(step(['open', 'close']));
  expect(step(['open', 'close'])).toBeGreaterThan(step(['open', 'write', 'close']));
});

test('keys tell counts apart and nothing else', () => {
  expect(countKey(['a', 'b', 'a'])).toBe(countKey(['a', 'a', 'b']));
  expect(countKey(['a', 'b'])).not.toBe(countKey(['a', 'b', 'b']));
});
