import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { selectForReview, type ReviewCandidates } from '../../../src/anomalies/review';

const budget = (rows: number): { rows: number; minutesPerReview: number } => ({ rows, minutesPerReview: 1 });

/** Two instances of 2,000 minutes with events of some length. */
function candidates(): ReviewCandidates & {
  confidence: Float64Array;
  minutes: number[];
  instances: string[];
} {
  const instances: string[] = [];
  const minutes: number[] = [];
  const confidence = new Float64Array(4_000);
  const random = seededRandom(5);
  for (let row = 0; row < 4_000; row++) {
    instances.push(row < 2_000 ? 'a' : 'b');
    minutes.push(row % 2_000);
    const into = row % 250;
    const eventDepth = [-0.9, -0.5, -0.2, 0.1][Math.floor(row / 250) % 4]!;
    confidence[row] = into < 12 ? eventDepth + 0.05 * random.next() : 0.6 + 0.2 * random.next();
  }
  return { instances, minutes, confidence };
}

describe('selection for review', () => {
  test('asks about an event once while there are others', () => {
    const given = candidates();
    const { picked } = selectForReview(given, budget(12));
    for (const { row } of picked) {
      for (const { row: other } of picked) {
        if (row === other || given.instances[row] !== given.instances[other]) continue;
        expect(Math.abs(given.minutes[row]! - given.minutes[other]!)).toBeGreaterThan(45);
      }
    }
  });

  test('takes every event of high impact, at its strangest minute', () => {
    const given = candidates();
    const { picked } = selectForReview(given, budget(12));
    const high = picked.filter(({ reason }) => reason === 'high-impact');
    expect(high).toHaveLength(4);
    for (const { row, band } of high) {
      const event = [...Array(12).keys()].map((step) => row - (row % 250) + step);
      expect(given.confidence[row]).toBe(Math.min(...event.map((at) => given.confidence[at]!)));
      expect(band).toBe('anomaly');
    }
  });

  test('takes at most a fifth of the doubtful rows and a twentieth of the borderline ones', () => {
    const { picked, available } = selectForReview(candidates(), budget(4_000));
    const of = (reason: string): number => picked.filter((one) => one.reason === reason).length;
    expect(of('low-confidence')).toBeLessThanOrEqual(Math.ceil(0.2 * available.lowConfidence));
    expect(of('low-confidence')).toBeGreaterThan(0);
    expect(of('borderline-normal')).toBeLessThanOrEqual(Math.ceil(0.05 * available.borderlineNormal));
    expect(of('borderline-normal')).toBeGreaterThan(0);
  });

  test.each([
    [{ rows: 5, minutesPerReview: 1 }, 5],
    [{ rows: 500, hours: 0.1, minutesPerReview: 2 }, 3],
    [{ rows: 0, minutesPerReview: 1 }, 0],
  ])('keeps to the budget %p', (given, most) => {
    const { picked, capacity } = selectForReview(candidates(), given);
    expect(capacity).toBe(most);
    expect(picked).toHaveLength(most);
  });

  test('does not ask again about an event that was shown', () => {
    const given = candidates();
    const first = selectForReview(given, budget(8)).picked;
    const shown = new Uint8Array(4_000);
    first.forEach(({ row }) => (shown[row] = 1));
    for (const { row } of selectForReview({ ...given, shown }, budget(8)).picked) {
      for (const before of first) {
        if (given.instances[row] !== given.instances[before.row]) continue;
        expect(Math.abs(given.minutes[row]! - given.minutes[before.row]!)).toBeGreaterThan(8);
      }
    }
  });

  test('only eligible rows are picked', () => {
    const given = candidates();
    const eligible = Uint8Array.from(given.instances, (name) => (name === 'b' ? 1 : 0));
    const { picked } = selectForReview({ ...given, eligible }, budget(20));
    expect(picked.length).toBeGreaterThan(0);
    expect(picked.every(({ row }) => given.instances[row] === 'b')).toBe(true);
  });

  test('impact brings a row in that the forest is hardly worried about', () => {
    const given = candidates();
    const impact = new Float64Array(4_000);
    impact[752] = 0.95;
    const { picked } = selectForReview({ ...given, impact }, budget(12));
    expect(picked.find(({ row }) => row === 752)).toMatchObject({ reason: 'high-impact' });
  });

  test('once there is a model, half of the budget goes to doubts that differ from each other', () => {
    const given = candidates();
    const probability = new Float64Array(4_000).fill(0.01);
    const values = new Float32Array(8_000);
    // Three clumps of doubt, the first far larger than the others.
    const doubts = [
      ...Array.from({ length: 15 }, (_, index) => ({ row: 100 + 40 * index, at: [0, 0] })),
      ...Array.from({ length: 3 }, (_, index) => ({ row: 2_100 + 40 * index, at: [10, 0] })),
      ...Array.from({ length: 3 }, (_, index) => ({ row: 3_100 + 40 * index, at: [0, 10] })),
    ];
    for (const { row, at } of doubts) {
      probability[row] = 0.5;
      values.set(at, 2 * row);
    }
    const { picked } = selectForReview(
      { ...given, probability, vectors: { values, n: 4_000, d: 2 } },
      budget(8),
    );
    const uncertain = picked.filter(({ reason }) => reason === 'uncertain-and-diverse');
    expect(uncertain).toHaveLength(4);
    const clumps = new Set(uncertain.map(({ row }) => `${values[2 * row]} ${values[2 * row + 1]}`));
    expect(clumps.size).toBe(3);
  });

  test('lists that do not fit, and scores that are none, are refused', () => {
    const given = candidates();
    expect(() => selectForReview({ ...given, minutes: [1] }, budget(1))).toThrow(
      expect.objectContaining({ code: 'DATA_RAGGED' }),
    );
    expect(() =>
      selectForReview({ ...given, confidence: new Float64Array(4_000).fill(Number.NaN) }, budget(1)),
    ).toThrow(expect.objectContaining({ code: 'DATA_NOT_FINITE' }));
    expect(() => selectForReview(given, { rows: -1, minutesPerReview: 1 })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID' }),
    );
  });
});
