import { describe, expect, test } from '@jest/globals';
import {
  evidenceGapMinutes,
  evidenceSources,
  gatherEvidence,
  type ReviewedRows,
} from '../../../src/anomalies/train';
import { matrix } from '../../../src/learn/matrix';
import { groupedTimeFolds } from '../../../src/learn/select';

const minutes = 600;
const source = (name: (typeof evidenceSources)[number]): number => evidenceSources.indexOf(name);

/** One instance that is plainly normal but for an event from minute 300 to 319. */
function rows(verdicts: Record<number, 0 | 1>, confidence: Record<number, number> = {}): ReviewedRows {
  const level = (minute: number): number =>
    confidence[minute] ?? (minute >= 300 && minute < 320 ? -0.5 : 0.8);
  return {
    instances: Array.from({ length: minutes }, () => 'server'),
    minutes: Array.from({ length: minutes }, (_, minute) => minute),
    confidence: Array.from({ length: minutes }, (_, minute) => level(minute)),
    verdicts: Int8Array.from({ length: minutes }, (_, minute) => verdicts[minute] ?? -1),
    states: matrix(
      Float32Array.from({ length: minutes }, (_, minute) => (level(minute) < 0 ? 2 : 0.1 * Math.sin(minute))),
      minutes,
      1,
    ),
  };
}

describe('evidence', () => {
  test('a verdict speaks for the rest of its event, with less weight, and for nothing beyond it', () => {
    const { labels, weights, sources } = gatherEvidence(rows({ 310: 1 }));
    expect(labels[310]).toBe(1);
    expect(weights[310]).toBe(1);
    for (let minute = 300; minute < 320; minute++) {
      expect(labels[minute]).toBe(1);
      const expected = minute === 310 ? [1, source('verdict')] : [0.5, source('neighbour')];
      expect([weights[minute], sources[minute]]).toEqual(expected);
    }
    expect(labels[299]).not.toBe(1);
    expect(labels[320]).not.toBe(1);
  });

  test('of two verdicts about minutes that look alike each speaks for its own side', () => {
    const { labels } = gatherEvidence(rows({ 302: 1, 317: 0 }));
    expect(labels[302]).toBe(1);
    expect(labels[317]).toBe(0);
    expect(labels[304]).toBe(1);
    expect(labels[315]).toBe(0);
  });

  test('a verdict is never overruled by a band', () => {
    const { labels, weights } = gatherEvidence(rows({ 100: 1, 310: 0 }, { 310: -0.95 }));
    expect([labels[100], weights[100]]).toEqual([1, 1]);
    expect([labels[310], weights[310]]).toEqual([0, 1]);
  });

  test('surely normal rows count as normal, by how sure it is', () => {
    const { labels, weights, sources } = gatherEvidence(rows({ 310: 1 }, { 50: 0.1, 51: 0.4, 52: 0.9 }));
    expect([labels[50], labels[51], labels[52]]).toEqual([0, 0, 0]);
    expect(weights[50]!).toBeCloseTo(0.2);
    expect(weights[51]!).toBeCloseTo(0.8);
    expect(weights[52]).toBe(1);
    expect(sources[50]).toBe(source('band'));
  });

  test('around a confirmed anomaly nothing is concluded from how normal a row looks, unless it looks very normal', () => {
    const { labels, weights } = gatherEvidence(rows({ 310: 1 }, { 360: 0.2, 361: 0.7, 500: 0.2 }));
    expect([labels[360], weights[360]]).toEqual([-1, 0]);
    expect(labels[361]).toBe(0);
    expect(labels[500]).toBe(0);
  });

  test('the strongest band counts as anomalous only where verdicts bear it out', () => {
    const strong = Object.fromEntries([20, 80, 140, 200, 260, 400, 450].map((minute) => [minute, -0.9]));
    const confirmed = gatherEvidence(rows({ 20: 1, 80: 1, 140: 1, 200: 1, 260: 1, 400: 1 }, strong));
    expect(confirmed.strongBandPrecision).toBeCloseTo(7 / 8);
    const refuted = gatherEvidence(rows({ 20: 0, 80: 0, 140: 0, 200: 0, 260: 0, 400: 0 }, strong));
    expect(refuted.strongBandPrecision).toBeCloseTo(1 / 8);
    expect([refuted.labels[450], refuted.sources[450]]).toEqual([0, source('doubtful')]);
  });

  test('verdicts of one event count as one event', () => {
    expect(gatherEvidence(rows({ 302: 1, 310: 1, 318: 1 })).anomalousEvents).toBe(1);
    expect(gatherEvidence(rows({ 20: 1, 310: 1, 318: 1 })).anomalousEvents).toBe(2);
  });

  test('folds with the gap of evidence learn nothing from what was said of a row they are judged on', () => {
    const given = rows({ 310: 1, 120: 0 }, { 120: -0.2 });
    const { sources } = gatherEvidence(given);
    const { folds } = groupedTimeFolds(given.instances, given.minutes, 4, { gap: evidenceGapMinutes });
    for (const { train, test: judged } of folds) {
      const reviewedInTest = [...judged].filter((row) => given.verdicts[row]! >= 0);
      for (const row of train) {
        if (sources[row] !== source('neighbour')) continue;
        for (const verdict of reviewedInTest) expect(Math.abs(row - verdict)).toBeGreaterThan(30);
      }
    }
  });

  test('lists of other lengths are refused', () => {
    expect(() => gatherEvidence({ ...rows({}), minutes: [1] })).toThrow(
      expect.objectContaining({ code: 'DATA_RAGGED', culprit: { field: 'minutes' } }),
    );
  });
});
