import { describe, expect, test } from '@jest/globals';
import { reportExperiment } from '../../../src/anomalies/route/experiment/experimentReport';
import { seededRandom, toTimestamp } from '../../../src/contracts';
import type { ScoreOutcome } from '../../../src/platform/warehouse/anomalyOperations';

const champion = { model: 'xgboost_anomaly', version: '2026/q3/r1' } as const;
const challenger = { model: 'catboost_anomaly', version: '2026/q3/r1' } as const;
const start = Date.UTC(2026, 6, 1);
const experiment = { champion, challenger, startedAt: toTimestamp(start) };
const hour = 3_600_000;

function outcome(arm: 'champion' | 'challenger', index: number, right: boolean, minutes = 0): ScoreOutcome {
  const { model, version } = arm === 'champion' ? champion : challenger;
  const at = toTimestamp(start + index * hour + minutes * 60_000);
  return {
    instance: `${arm}-1`,
    at,
    model,
    modelVersion: version,
    role: arm,
    unit: 'u',
    score: 0.5,
    label: right ? 1 : 0,
    verdict: 1,
    scoredAt: at,
    reviewedAt: at,
  };
}

function outcomes(n: number, accuracies: { champion: number; challenger: number }): ScoreOutcome[] {
  const random = seededRandom(3);
  return Array.from({ length: n }, (_, index) => {
    const arm = random.next() < 0.3 ? 'challenger' : 'champion';
    return outcome(arm, index, random.next() < accuracies[arm]);
  });
}

describe('champion against challenger', () => {
  test('a better challenger wins, with an interval above nothing', () => {
    const report = reportExperiment(
      experiment,
      outcomes(2_000, { champion: 0.8, challenger: 0.95 }),
      start + hour,
      24,
    );
    expect(report.decision).toBe('challenger');
    expect(report.effect.low).toBeGreaterThan(0);
    expect(report.sequentialP).toBeLessThan(0.05);
    expect(report.chiSquare.p).toBeLessThan(0.001);
    expect(report.arms.champion.outcomes + report.arms.challenger.outcomes).toBe(2_000);
  });

  test('a worse one loses', () => {
    const report = reportExperiment(
      experiment,
      outcomes(2_000, { champion: 0.95, challenger: 0.8 }),
      start + hour,
      24,
    );
    expect(report).toMatchObject({ decision: 'champion' });
    expect(report.effect.high).toBeLessThan(0);
  });

  test('equal ones go on for a day and then the champion stays', () => {
    const equal = outcomes(1_000, { champion: 0.9, challenger: 0.9 });
    expect(reportExperiment(experiment, equal, start + 23 * hour, 24).decision).toBe('running');
    expect(reportExperiment(experiment, equal, start + 24 * hour, 24).decision).toBe('no-difference');
  });

  test('of an hour of an instance the row judged first counts, and no other', () => {
    const minutes = Array.from({ length: 60 }, (_, minute) => outcome('champion', 0, minute === 0, minute));
    const report = reportExperiment(experiment, minutes, start + hour, 24);
    expect(report.arms.champion).toEqual({ outcomes: 1, correct: 1, accuracy: 1 });
  });

  test('silent scores count for the challenger; those asked for by name, and other versions, for nobody', () => {
    const rows: ScoreOutcome[] = [
      { ...outcome('challenger', 0, true), role: 'shadow' },
      { ...outcome('challenger', 1, true), role: 'named' },
      { ...outcome('champion', 2, true), modelVersion: '2026/q3/r9' },
    ];
    expect(reportExperiment(experiment, rows, start + hour, 24).arms).toMatchObject({
      champion: { outcomes: 0, accuracy: null },
      challenger: { outcomes: 1 },
    });
  });
});
