import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { anomalyScore, reviewRow } from '../../support/warehouseRows';

export function anomalyContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('anomaly scores', () => {
    const minute = (index: number): string => `2026-07-01T08:${String(index).padStart(2, '0')}:00.000000Z`;

    it('are stored once per row, model and version, the last one of them', async () => {
      const first = anomalyScore();
      const again = anomalyScore({ score: 0.25, label: 0, contributionsJson: '[{"feature":"cpu"}]' });
      const other = anomalyScore({ modelVersion: '2026/q3/r2' });
      await warehouse().mergeAnomalyScores([first, other], signal());
      await warehouse().mergeAnomalyScores([again], signal());
      await warehouse().mergeAnomalyScores([], signal());
      expect(await warehouse().anomalyScores({ limit: 10 }, signal())).toEqual([again, other]);
    });

    it('are read by instance, model, version, role and window, newest row first', async () => {
      const rows = Array.from({ length: 6 }, (_, index) =>
        anomalyScore({
          at: minute(index),
          instance: index % 2 === 0 ? 'web-1' : "it's",
          role: index < 3 ? 'champion' : 'shadow',
          model: index < 2 ? 'xgboost_anomaly' : 'catboost_anomaly',
          score: index / 7,
        }),
      );
      await warehouse().mergeAnomalyScores(rows, signal());
      const found = async (query: Partial<Parameters<Warehouse['anomalyScores']>[0]>): Promise<number[]> =>
        (await warehouse().anomalyScores({ limit: 10, ...query }, signal())).map(({ score }) =>
          Math.round(score * 7),
        );
      expect(await found({})).toEqual([5, 4, 3, 2, 1, 0]);
      expect(await found({ instance: "it's" })).toEqual([5, 3, 1]);
      expect(await found({ model: 'xgboost_anomaly' })).toEqual([1, 0]);
      expect(await found({ modelVersion: '2026/q3/r9' })).toEqual([]);
      expect(await found({ role: 'champion', limit: 2 })).toEqual([2, 1]);
      expect(await found({ from: minute(1), to: minute(4) })).toEqual([3, 2, 1]);
    });

    it('keep every bit of a probability', async () => {
      const rows = [1 / 3, Number.MIN_VALUE, 0.1 + 0.2].map((score, index) =>
        anomalyScore({ at: minute(index), score, latencyMs: score }),
      );
      await warehouse().mergeAnomalyScores(rows, signal());
      expect(await warehouse().anomalyScores({ limit: 10 }, signal())).toEqual(rows.toReversed());
    });

    it('have no outcome while nobody has looked at their rows', async () => {
      await warehouse().mergeAnomalyScores([anomalyScore()], signal());
      const window = { from: minute(0), to: '2027-01-01T00:00:00.000000Z', limit: 10 };
      expect(await warehouse().scoreOutcomes(window, signal())).toEqual([]);
    });

    it('are joined with the verdicts that stand, of each reviewer the last, in the order in which they came', async () => {
      const scores = [0, 1, 2, 3, 4].map((index) => anomalyScore({ at: minute(index) }));
      const silent = anomalyScore({ at: minute(0), modelVersion: '2026/q3/r2', role: 'shadow', label: 0 });
      await warehouse().mergeAnomalyScores([...scores, silent], signal());
      const given = (id: string, index: number, hour: number, fields: Parameters<typeof reviewRow>[0]) =>
        reviewRow({
          reviewId: id,
          instance: 'web-1',
          at: minute(index),
          reviewedAt: `2026-07-02T${String(hour).padStart(2, '0')}:00:00.000000Z`,
          ...fields,
        });
      await warehouse().mergeReviews(
        [
          // A majority of one against one after the second of them changed her mind.
          given('a', 0, 9, { reviewer: 'ada', verdict: 'anomaly' }),
          given('b', 0, 2, { reviewer: 'bob', verdict: 'normal' }),
          given('c', 0, 8, { reviewer: 'bob', verdict: 'anomaly' }),
          given('d', 1, 3, { reviewer: 'ada', verdict: 'normal' }),
          // Nobody's word: taken back, skipped, and a tie.
          given('e', 2, 4, { reviewer: 'ada', verdict: 'anomaly' }),
          given('f', 2, 5, { reviewer: 'ada', verdict: null, undoes: 'e' }),
          given('g', 3, 4, { reviewer: 'ada', verdict: 'skip' }),
          given('h', 4, 4, { reviewer: 'ada', verdict: 'anomaly' }),
          given('i', 4, 5, { reviewer: 'bob', verdict: 'normal' }),
          given('j', 1, 6, { instance: 'web-2', verdict: 'anomaly' }),
        ],
        signal(),
      );
      const window = { from: minute(0), to: '2027-01-01T00:00:00.000000Z', limit: 100 };
      const found = await warehouse().scoreOutcomes(window, signal());
      const { instance, model, unit, scoredAt } = silent;
      expect(found[0]).toEqual({
        instance,
        at: minute(1),
        model,
        modelVersion: '2026/q3/r1',
        role: 'champion',
        unit,
        score: 0.875,
        label: 1,
        verdict: 0,
        scoredAt,
        reviewedAt: '2026-07-02T03:00:00.000000Z',
      });
      expect(found.map(({ at, role, verdict }) => [at, role, verdict])).toEqual([
        [minute(1), 'champion', 0],
        [minute(0), 'champion', 1],
        [minute(0), 'shadow', 1],
      ]);
      expect(await warehouse().scoreOutcomes({ ...window, to: scoredAt }, signal())).toEqual([]);
    });
  });
}
