import { describe, expect, test } from '@jest/globals';
import { checkGate, type Quality } from '../../../src/incidents/train/gate';

const limits = { maximumNoise: 0.5, tolerance: 0.05 };
const good: Quality = { clusters: 12, noiseShare: 0.2, silhouette: 0.2, relativeValidity: 0.3 };
const reasons = (report: ReturnType<typeof checkGate>) => report.reasons.map(({ reason }) => reason);

describe('the promotion gate', () => {
  test('lets a sound first version through', () => {
    expect(checkGate(good, undefined, limits)).toEqual({ passed: true, reasons: [] });
  });

  test('refuses fewer than two clusters', () => {
    const report = checkGate({ ...good, clusters: 1, silhouette: null }, undefined, limits);
    expect(report.passed).toBe(false);
    expect(reasons(report)).toEqual(['single-cluster']);
    expect(reasons(checkGate({ ...good, clusters: 0, silhouette: null }, undefined, limits))).toEqual([
      'single-cluster',
    ]);
  });

  test('refuses noise at the limit, not below it', () => {
    expect(reasons(checkGate({ ...good, noiseShare: 0.5 }, undefined, limits))).toEqual(['too-much-noise']);
    expect(checkGate({ ...good, noiseShare: 0.499 }, undefined, limits).passed).toBe(true);
  });

  test('refuses a version clearly worse than the current one on the same rows, and only that', () => {
    const against = (ours: number, theirs: number | null) =>
      checkGate(
        good,
        { candidate: { ...good, silhouette: ours }, current: { ...good, silhouette: theirs } },
        limits,
      );
    expect(reasons(against(0.1, 0.2))).toEqual(['worse-than-current']);
    expect(against(0.16, 0.2).passed).toBe(true);
    expect(against(0.3, 0.2).passed).toBe(true);
    expect(against(0.1, null).passed).toBe(true);
  });

  test('refuses scores that are not numbers and says all reasons at once', () => {
    const report = checkGate(
      { clusters: 1, noiseShare: 0.9, silhouette: null, relativeValidity: Number.NaN },
      undefined,
      limits,
    );
    expect(reasons(report)).toEqual(['not-finite', 'single-cluster', 'too-much-noise']);
    expect(report.reasons[2]!.detail).toContain('90.0 %');
  });
});
