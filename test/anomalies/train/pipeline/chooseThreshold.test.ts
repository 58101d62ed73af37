import { describe, expect, test } from '@jest/globals';
import { evidenceSources } from '../../../../src/anomalies/train';
import { lineFor } from '../../../../src/anomalies/train/pipeline/chooseThreshold';

type Row = readonly [probability: number, label: 0 | 1, source?: (typeof evidenceSources)[number]];

const costs = { falsePositiveCost: 1, falseNegativeCost: 2 };
const line = (rows: readonly Row[], leastPrecision = 0.9): number =>
  lineFor(
    rows.map(([probability]) => probability),
    {
      labels: Uint8Array.from(rows, ([, label]) => label),
      weights: new Float32Array(rows.length).fill(1),
      sources: Uint8Array.from(rows, ([, , source = 'neighbour']) => evidenceSources.indexOf(source)),
    },
    costs,
    leastPrecision,
  );
const many = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);

describe('where the line of alarms is drawn', () => {
  test('it costs least among those that are precise enough, with room', () => {
    // Two more anomalies below would each be worth one false alarm, but three of forty are too many.
    const rows = [...many(38, [0.9, 1]), ...many(3, [0.5, 0]), ...many(2, [0.4, 1]), ...many(500, [0.01, 0])];
    expect(line(rows)).toBe(0.9);
    expect(line(rows, 0.8)).toBe(0.4);
  });

  test('rows that people judged must be precise too, however many known ones around them are', () => {
    const rows: Row[] = [
      ...many(20, [0.9, 1, 'verdict']),
      ...many(200, [0.8, 1]),
      ...many(4, [0.7, 0, 'verdict']),
      ...many(5, [0.6, 1]),
      ...many(500, [0.01, 0]),
    ];
    expect(line(rows)).toBe(0.8);
    const unjudged = rows.map(([probability, label]): Row => [probability, label]);
    expect(line(unjudged)).toBe(0.6);
  });

  test('where both cannot be had the known rows decide, and else the most precise line', () => {
    const judged: Row[] = [...many(5, [0.9, 0, 'verdict']), ...many(200, [0.8, 1]), ...many(500, [0.01, 0])];
    expect(line(judged)).toBe(0.8);
    expect(line([...many(3, [0.9, 0]), ...many(3, [0.8, 1]), ...many(3, [0.7, 0])])).toBe(0.8);
  });

  test('rows of equal probability are on one side', () => {
    expect(line([...many(3, [0.9, 1]), [0.5, 1], [0.5, 0], ...many(50, [0.01, 0])])).toBe(0.9);
  });
});
