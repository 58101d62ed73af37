import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrix, rowOf, type Matrix } from '../../../../src/learn/matrix';
import {
  detectorByName,
  type Detector,
  type AutoOptions,
  type FittedAuto,
} from '../../../../src/learn/outlier';
import { chooseDetector, injectFault, seriesFaults } from '../../../../src/learn/outlier/choice';

/** A smooth season in every column, with a little noise. */
function season(rows: number, columns = 5): Matrix {
  const random = seededRandom(11);
  const values = new Float32Array(rows * columns);
  for (let at = 0; at < values.length; at++) {
    const row = Math.floor(at / columns);
    values[at] = Math.sin(row / 20 + (at % columns)) + 0.05 * random.normal();
  }
  return matrix(values, rows, columns);
}

/** Says what `answer` says of a row. */
function fixed(name: string, answer: (row: Float32Array) => number): Detector {
  return {
    name,
    kind: 'points',
    minimumRows: 1,
    fit: (data) =>
      Promise.resolve({
        name,
        kind: 'points',
        d: data.d,
        threshold: 0,
        score: (rows: Matrix) => Float64Array.from({ length: rows.n }, (_, row) => answer(rowOf(rows, row))),
        explain: () => new Float64Array(data.d),
        toBytes: () => new Uint8Array(0),
      }),
  };
}

const candidate = (detector: Detector): { name: string; detector: Detector; options: object } => ({
  name: detector.name,
  detector,
  options: {},
});

describe('planted faults', () => {
  test.each(seriesFaults)('%s changes rows that it labels, and only those', (fault) => {
    const data = season(400);
    const { data: faulty, labels } = injectFault(data, fault, true, seededRandom(2));
    const changed = Uint8Array.from(labels, (_, row) =>
      rowOf(faulty, row).some((value, column) => value !== rowOf(data, row)[column]) ? 1 : 0,
    );
    expect(changed.some((value) => value === 1)).toBe(true);
    changed.forEach((value, row) => expect(value).toBeLessThanOrEqual(labels[row]!));
    expect(data.values).toEqual(season(400).values);
  });

  test('fit into as few rows as there are, and into columns that never move', () => {
    for (const n of [1, 2, 5, 19]) {
      for (const fault of seriesFaults) {
        const { data, labels } = injectFault(
          matrix(new Float32Array(n * 2).fill(3), n, 2),
          fault,
          true,
          seededRandom(n),
        );
        expect(data.values.every((value) => Number.isFinite(value))).toBe(true);
        expect(labels).toContain(1);
      }
    }
  });
});

describe('the choice of a detector', () => {
  const magnitude = fixed('magnitude', (row) => row.reduce((sum, value) => sum + Math.abs(value), 0));
  const blind = fixed('blind', (row) => (Math.abs(row[0]! * 1e4) | 0) % 97);
  const reversed = fixed('reversed', (row) => -row.reduce((sum, value) => sum + Math.abs(value), 0));

  test('falls on the candidate that finds what is planted, whatever their order', async () => {
    const orders = [
      [magnitude, blind, reversed],
      [reversed, blind, magnitude],
    ];
    for (const order of orders) {
      const choice = await chooseDetector(
        season(600),
        order.map(candidate),
        { ordered: true, judgedRows: 600 },
        seededRandom(4),
      );
      expect(choice.chosen).toBe('magnitude');
      expect(choice.candidates.map(({ name }) => name)).toHaveLength(3);
      expect(choice.reasons.join(' ')).toContain('mean average precision');
    }
  });

  test('between equals falls on the one that others agree with', async () => {
    const twin = fixed('twin', (row) => 2 * row.reduce((sum, value) => sum + Math.abs(value), 0));
    const other = fixed('other', (row) => -row[0]!);
    const { chosen, candidates, reasons } = await chooseDetector(
      season(600),
      [other, magnitude, twin].map(candidate),
      { ordered: true, judgedRows: 600 },
      seededRandom(4),
    );
    expect(chosen).toBe('magnitude');
    expect(candidates[0]!.agreement).toBeGreaterThan(candidates[2]!.agreement);
    expect(reasons.join(' ')).toContain('agree');
  });

  test('takes linear residuals for columns whose relation breaks, and says why', async () => {
    const among: Partial<AutoOptions> = { candidates: ['isolation_forest', 'linear_residuals'] };
    const fitted = (await detectorByName('auto').fit(season(2000, 12), among, seededRandom(1))) as FittedAuto;
    expect(fitted.choice.chosen).toBe('linear_residuals');
    expect(fitted.choice.candidates.map(({ name }) => name)).toEqual([
      'linear_residuals',
      'smoothed isolation_forest',
    ]);
  });

  test('refuses a candidate that does not exist', async () => {
    const unknown: Partial<AutoOptions> = { candidates: ['oracle'] };
    await expect(detectorByName('auto').fit(season(100), unknown, seededRandom(1))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'candidates' },
    });
  });
});
