import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrix, rowOf, type Matrix } from '../../../../src/learn/matrix';
import {
  detectorByName,
  type Detector,
  type AutoOptions,
  type FittedAuto,
} from '../../../../src/learn/outlier';
import {
  chooseDetector,
  injectFault,
  rankCandidates,
  seriesFaults,
  type CandidateEvidence,
} from '../../../../src/learn/outlier/choice';

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
        threshold: Infinity,
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
  const energy = fixed('energy', (row) => row.reduce((sum, value) => sum + value * value, 0));
  const blind = fixed('blind', (row) => (Math.abs(row[0]! * 1e4) | 0) % 97);
  const reversed = fixed('reversed', (row) => -row.reduce((sum, value) => sum + Math.abs(value), 0));

  test('falls on the candidate that finds what is planted, whatever their order', async () => {
    const chosen: string[] = [];
    for (const order of [
      [magnitude, energy, blind, reversed],
      [reversed, blind, energy, magnitude],
    ]) {
      const choice = await chooseDetector(
        season(600),
        order.map(candidate),
        { ordered: true, judgedRows: 600, contamination: 0.05 },
        seededRandom(4),
      );
      chosen.push(choice.chosen);
      expect(choice.candidates.map(({ name }) => name)).toHaveLength(4);
      expect(choice.reasons.join(' ')).toContain('mean average precision of');
    }
    expect(['magnitude', 'energy']).toContain(chosen[0]);
    expect(chosen[1]).toBe(chosen[0]);
  });

  test('is combined with linear residuals, and says so', async () => {
    const among: Partial<AutoOptions> = {
      candidates: ['isolation_forest', 'principal_components', 'linear_residuals'],
    };
    const fitted = (await detectorByName('auto').fit(season(2000, 12), among, seededRandom(1))) as FittedAuto;
    expect(fitted.choice).toMatchObject({ anchor: 'linear_residuals' });
    expect(fitted.choice.chosen).toMatch(/^smoothed (isolation_forest|principal_components)$/);
    expect(fitted.choice.reasons.join()).toContain('linear_residuals');
    expect(fitted.choice.candidates).toHaveLength(3);
  });

  test('stands alone where rows have no order, or no anchor is wanted', async () => {
    const alone = async (options: Partial<AutoOptions>): Promise<FittedAuto> =>
      (await detectorByName('auto').fit(season(300), options, seededRandom(1))) as FittedAuto;
    const candidates = ['isolation_forest', 'linear_residuals'];
    const unordered = await alone({ candidates, ordered: false });
    expect(unordered).toMatchObject({ kind: 'points', choice: { chosen: 'isolation_forest' } });
    expect(unordered.choice.anchor).toBeUndefined();
    expect((await alone({ candidates, anchor: '' })).choice.anchor).toBeUndefined();
    const unknown = { code: 'PARAMETER_INVALID', culprit: { option: 'anchor' } };
    await expect(alone({ anchor: 'oracle' })).rejects.toMatchObject(unknown);
  });

  test('is made among all that there are, be the rows few or alike', async () => {
    for (const data of [season(30, 2), matrix(new Float32Array(40 * 2).fill(7), 40, 2)]) {
      const fitted = (await detectorByName('auto').fit(data, {}, seededRandom(1))) as FittedAuto;
      expect(fitted.choice.candidates.length).toBeGreaterThan(5);
      expect(fitted.score(data).every((score) => Number.isFinite(score))).toBe(true);
    }
  });

  test('refuses a candidate that does not exist', async () => {
    const unknown: Partial<AutoOptions> = { candidates: ['oracle'] };
    await expect(detectorByName('auto').fit(season(100), unknown, seededRandom(1))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'candidates' },
    });
  });
});

describe('the order of candidates', () => {
  const rising = Float64Array.from({ length: 100 }, (_, row) => row);
  const evidence = (
    name: string,
    found: number,
    heldScores: Float64Array,
    threshold: number,
  ): CandidateEvidence => ({
    name,
    byFault: { spike: found, trend: found },
    heldScores,
    threshold,
  });

  test('is that of mean ranks by faults found, agreement and alarms', () => {
    const falling = rising.map((value) => -value);
    const ranked = rankCandidates(
      [
        evidence('agrees, alarms', 0.5, rising, 10),
        evidence('agrees, calm, finds less', 0.4, rising, 98),
        evidence('finds most, disagrees, alarms', 0.9, falling, -89),
      ],
      0.05,
    );
    expect(ranked.map(({ name }) => name)).toEqual([
      'agrees, calm, finds less',
      'agrees, alarms',
      'finds most, disagrees, alarms',
    ]);
    const [first, second, third] = ranked;
    expect(first!.meanRank).toBeCloseTo((3 + 1.5 + 1) / 3, 12);
    expect(first!.alarmShare).toBe(0.01);
    expect(second!.alarmShare).toBe(0.89);
    expect(third!.agreement).toBeCloseTo(-1, 12);
  });

  test('takes no account of alarms rarer than was asked for', () => {
    const [one, other] = rankCandidates(
      [evidence('four in a hundred', 0.5, rising, 95), evidence('none', 0.4, rising, 100)],
      0.05,
    );
    expect(one!.name).toBe('four in a hundred');
    expect(other!.meanRank).toBeCloseTo((2 + 1.5 + 1.5) / 3, 12);
  });
});
