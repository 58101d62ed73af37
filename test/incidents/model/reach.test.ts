import { describe, expect, test } from '@jest/globals';
import { cosineTo, isWithinReach, leastSimilarities } from '../../../src/incidents/model/reach';
import { matrixFromRows } from '../../../src/learn/matrix';

const at = (degrees: number): [number, number] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

describe('how far a theme reaches', () => {
  test('twice as far as its members do, the last hundredth of them left out; noise does not count', () => {
    const angles = Array.from({ length: 200 }, (_, index) => index / 10);
    const rows = [...angles.map(at), at(180)];
    const labels = Int32Array.from(rows, (_, row) => (row < 200 ? 0 : -1));
    const [least] = leastSimilarities(matrixFromRows(rows), labels, [Float32Array.from(at(0))]);
    const edge = Math.cos((19.7 * Math.PI) / 180);
    expect(1 - least!).toBeCloseTo(2 * (1 - edge), 4);
  });

  test('a row of any length is in or out by its direction; a row of zeros is far from everything', () => {
    const theme = { centroid: at(0), leastSimilarity: Math.cos(Math.PI / 6) };
    expect(isWithinReach(theme, Float32Array.from(at(29).map((value) => 7 * value)))).toBe(true);
    expect(isWithinReach(theme, Float32Array.from(at(31)))).toBe(false);
    expect(cosineTo(theme.centroid, new Float32Array(2))).toBe(0);
  });
});
