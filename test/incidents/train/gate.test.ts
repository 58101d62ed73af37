import { describe, expect, test } from '@jest/globals';
import { gateChecks, type Quality } from '../../../src/incidents/train/gate';
import { evaluateGate } from '../../../src/registry';

const limits = { maximumNoise: 0.5, tolerance: 0.05 };
const good: Quality = { clusters: 12, noiseShare: 0.2, silhouette: 0.2, relativeValidity: 0.3 };
const refused = (candidate: Quality, comparison?: { candidate: Quality; current: Quality }): string[] => {
  const { passed, checks } = evaluateGate(gateChecks(candidate, comparison, limits));
  const names = checks.filter((check) => !check.passed).map((check) => check.name);
  expect(passed).toBe(names.length === 0);
  return names;
};

describe('the promotion gate', () => {
  test('lets a sound first version through', () => {
    expect(refused(good)).toEqual([]);
  });

  test('refuses fewer than two clusters', () => {
    expect(refused({ ...good, clusters: 1, silhouette: null })).toEqual(['clusters', 'silhouette']);
    expect(refused({ ...good, clusters: 0, silhouette: null })).toContain('clusters');
  });

  test('refuses noise at the limit, not below it', () => {
    expect(refused({ ...good, noiseShare: 0.5 })).toEqual(['noise']);
    expect(refused({ ...good, noiseShare: 0.499 })).toEqual([]);
  });

  test('refuses a version clearly worse than the current one on the same rows, and only that', () => {
    const against = (ours: number | null, theirs: number | null): string[] =>
      refused(good, { candidate: { ...good, silhouette: ours }, current: { ...good, silhouette: theirs } });
    expect(against(0.1, 0.2)).toEqual(['notWorseThanCurrent']);
    expect(against(null, 0.2)).toEqual(['notWorseThanCurrent']);
    expect(against(0.16, 0.2)).toEqual([]);
    expect(against(0.3, 0.2)).toEqual([]);
    expect(against(0.1, null)).toEqual([]);
  });

  test('refuses scores that are not numbers and says all reasons at once', () => {
    const checks = gateChecks(
      { clusters: 1, noiseShare: 0.9, silhouette: null, relativeValidity: Number.NaN },
      undefined,
      limits,
    );
    expect(checks.map((check) => check.passed)).toEqual([false, false, false, false]);
    expect(checks[1]!.reason).toContain('90.0 %');
  });
});
