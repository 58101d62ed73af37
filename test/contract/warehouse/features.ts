import { describe, expect, it } from '@jest/globals';
import { seededRandom, toTimestamp, type DataQuality, type FeatureSet } from '../../../src/contracts';
import { computeFeatures, featureSetFor } from '../../../src/anomalies/features';
import type { FeatureRows } from '../../../src/platform/warehouse/featureOperations';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import {
  expectSameFeatures,
  someFeatures,
  someMetrics,
  troubledSeries,
} from '../../support/anomalies/featureCases';
import { storeSeries } from '../../support/anomalies/storedSeries';

const startMinute = 29_700_000;
const timeOf = (minute: number): string => toTimestamp(minute * 60_000);

export function featureContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  async function featuresOf(
    set: FeatureSet,
    instances: readonly string[],
    fromMinute: number,
    toMinute: number,
  ): Promise<Map<string, Float32Array>> {
    const rows = new Map<string, Float32Array>();
    const query = { set, instances, from: timeOf(fromMinute), to: timeOf(toMinute) };
    for await (const part of warehouse().metricFeatures(query, signal())) {
      const order = Array.from({ length: part.matrix.n }, (_, row) => keyOf(part, row));
      expect(new Set(order).size).toBe(order.length);
      order.forEach((key, row) => {
        expect(rows.has(key)).toBe(false);
        rows.set(key, part.matrix.values.subarray(row * part.matrix.d, (row + 1) * part.matrix.d));
      });
    }
    return rows;
  }
  const keyOf = (part: FeatureRows, row: number): string =>
    `${part.instances[part.instanceOf[row]!]} ${part.minutes[row]}`;

  describe('features by SQL windows', () => {
    it.each([1, 2, 3])(
      'are those computed in memory, gaps, restarts and large levels included (seed %i)',
      async (seed) => {
        const set = someFeatures();
        const minutes = 150;
        const random = seededRandom(seed);
        const instances = ['web-1', 'web-2'];
        const expected = new Map<string, Float32Array>();
        for (const instance of instances) {
          const series = troubledSeries(random, minutes, startMinute);
          await storeSeries(warehouse(), set, instance, series, random, signal());
          const { values, d } = computeFeatures(set, series);
          for (let row = 0; row < minutes; row++) {
            expected.set(`${instance} ${startMinute + row}`, values.subarray(row * d, (row + 1) * d));
          }
        }
        const [from, to] = [startMinute + 40, startMinute + minutes];
        const rows = await featuresOf(set, instances, from, to);
        const value = someMetrics.map(({ name, kind }) =>
          set.names.indexOf(`${name}__${kind === 'gauge' ? 'value' : 'increase_1m'}`),
        );
        const wanted = [...expected].filter(
          ([key, row]) =>
            Number(key.split(' ')[1]) >= from && value.some((column) => !Number.isNaN(row[column]!)),
        );
        expect([...rows.keys()].sort()).toEqual(wanted.map(([key]) => key).sort());
        expectSameFeatures(
          set,
          (row, column) => rows.get(wanted[row]![0])![column]!,
          (row, column) => wanted[row]![1][column]!,
          wanted.length,
        );
      },
    );

    it('take the last point of a minute, and late ones wherever they belong', async () => {
      const set = featureSetFor([{ name: 'a', kind: 'gauge' }]);
      const point = (at: string, value: number, arrivedAt: string) => ({
        instance: 'i',
        metric: 'a',
        at,
        value,
        kind: 'gauge' as const,
        unit: null,
        batchId: 'b',
        arrivedAt,
      });
      await warehouse().mergeMetricPoints(
        [
          point('2026-07-01T08:00:10.000000Z', 1, '2026-07-01T08:00:11.000000Z'),
          point('2026-07-01T08:00:59.999999Z', 2, '2026-07-01T08:01:11.000000Z'),
          point('2026-07-01T08:00:30.000000Z', 3, '2026-07-01T09:00:11.000000Z'),
        ],
        signal(),
      );
      const minute = Date.parse('2026-07-01T08:00:00Z') / 60_000;
      const rows = await featuresOf(set, ['i', 'unknown'], minute, minute + 2);
      expect([...rows].map(([key, row]) => [key, row[0]])).toEqual([
        [`i ${minute}`, 2],
        [`i ${minute + 1}`, 2],
      ]);
    });

    it('do not let one series see another, however many there are', async () => {
      const set = featureSetFor(
        Array.from({ length: 4 }, (_, index) => ({ name: `m${index}`, kind: 'gauge' as const })),
      );
      const instances = Array.from({ length: 5 }, (_, index) => `server-${index}`);
      const expected = new Map<string, Float32Array>();
      const random = seededRandom(7);
      for (const [index, instance] of instances.entries()) {
        const n = 30;
        const values = Float64Array.from({ length: n * 4 }, () => 1000 * index + random.normal());
        const series = { startMinute, values: { values, n, d: 4 } };
        await storeSeries(warehouse(), set, instance, series, random, signal());
        const features = computeFeatures(set, series);
        expected.set(instance, features.values);
      }
      const rows = await featuresOf(set, instances, startMinute, startMinute + 30);
      expect(rows.size).toBe(150);
      for (const instance of instances) {
        const all = expected.get(instance)!;
        expectSameFeatures(
          set,
          (row, column) => rows.get(`${instance} ${startMinute + row}`)![column]!,
          (row, column) => all[row * set.names.length + column]!,
          30,
        );
      }
    });

    it('of logs alone have a row for each minute whose window holds a record', async () => {
      const set = featureSetFor([], { logs: true });
      const random = seededRandom(2);
      const templates = { t1: 3, t2: 1 };
      const logs = [
        { errors: 2, warnings: 1, newTemplates: 1, templates },
        ...Array.from({ length: 19 }, () => undefined),
      ];
      const series = { startMinute, values: { values: new Float64Array(0), n: 20, d: 0 }, logs };
      await storeSeries(warehouse(), set, 'i', series, random, signal());
      const { values, d } = computeFeatures(set, series);
      const rows = await featuresOf(set, ['i'], startMinute, startMinute + 20);
      expect(rows.size).toBe(15);
      expectSameFeatures(
        set,
        (row, column) => rows.get(`i ${startMinute + row}`)![column]!,
        (row, column) => values[row * d + column]!,
        15,
      );
    });

    it('of no instances and of an empty time are none', async () => {
      const set = someFeatures();
      expect((await featuresOf(set, [], startMinute, startMinute + 5)).size).toBe(0);
      expect((await featuresOf(set, ['i'], startMinute, startMinute)).size).toBe(0);
      expect((await featuresOf(set, ['i'], startMinute, startMinute + 5)).size).toBe(0);
    });

    it('are computed again after an earlier computation was stopped half way', async () => {
      const set = someFeatures();
      const series = troubledSeries(seededRandom(5), 40, startMinute);
      await storeSeries(warehouse(), set, 'i', series, seededRandom(5), signal());
      const stop = new AbortController();
      const query = { set, instances: ['i'], from: timeOf(startMinute), to: timeOf(startMinute + 40) };
      const stopped = warehouse().metricFeatures(query, stop.signal)[Symbol.asyncIterator]().next();
      stop.abort();
      await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
      const left = warehouse().metricFeatures(query, signal());
      for await (const part of left) {
        expect(part.matrix.n).toBeGreaterThan(0);
        break;
      }
      expect((await featuresOf(set, ['i'], startMinute, startMinute + 40)).size).toBeGreaterThan(30);
    });

    it('stop when they are told to', async () => {
      const query = {
        set: someFeatures(),
        instances: ['i'],
        from: timeOf(startMinute),
        to: timeOf(startMinute + 5),
      };
      const parts = warehouse().metricFeatures(query, AbortSignal.abort());
      await expect(parts[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ABORTED' });
    });
  });

  describe('points that no feature is made of', () => {
    it('are those outside the range of their metric or too large, newest first', async () => {
      const set = featureSetFor([
        { name: 'share', kind: 'gauge', minimum: 0, maximum: 1 },
        { name: 'level', kind: 'gauge' },
      ]);
      const values = Float64Array.from([0, -5, 1, 5, 1.5, 1e31, -0.5, 0, 0.5, -1e31]);
      const series = { startMinute, values: { values, n: 5, d: 2 } };
      await storeSeries(warehouse(), set, 'i', series, seededRandom(1), signal());
      const query = {
        set,
        instances: ['i'],
        from: timeOf(startMinute),
        to: timeOf(startMinute + 5),
        limit: 10,
      };
      const found = await warehouse().unusablePoints(query, signal());
      expect(found.map(({ value }) => value).sort((a, b) => a - b)).toEqual([-1e31, -0.5, 1.5, 1e31]);
      expect(found.map(({ at }) => at)).toEqual(
        found
          .map(({ at }) => at)
          .sort()
          .reverse(),
      );
      expect(await warehouse().unusablePoints({ ...query, limit: 1 }, signal())).toEqual(found.slice(0, 1));
    });
  });

  describe('points of an instance', () => {
    it('come in the order of metric and time, from a half-open window', async () => {
      const point = (instance: string, metric: string, at: string) => ({
        instance,
        metric,
        at,
        value: 0.1,
        kind: 'gauge' as const,
        unit: '%',
        batchId: 'b',
        arrivedAt: '2026-07-01T09:00:00.000000Z',
      });
      const [before, first, second, end] = ['07:59', '08:00', '08:01', '08:02'].map(
        (time) => `2026-07-01T${time}:00.000000Z`,
      ) as [string, string, string, string];
      const rows = [
        point('i', 'b', first),
        point('i', 'a', second),
        point('i', 'a', first),
        point('i', 'a', before),
        point('i', 'a', end),
        point('j', 'a', first),
      ];
      await warehouse().mergeMetricPoints(rows, signal());
      expect(await warehouse().recentPoints({ instance: 'i', from: first, to: end }, signal())).toEqual([
        rows[2],
        rows[1],
        rows[0],
      ]);
    });
  });

  describe('data quality', () => {
    const quality = (fields: Partial<DataQuality>): DataQuality => ({
      batchId: 'b1',
      subject: 'features',
      scope: 'web-1',
      rows: 10,
      accepted: 9,
      quarantined: 1,
      score: 0.875,
      checksJson: '[]',
      checkedAt: '2026-07-01T08:00:00.000000Z',
      ...fields,
    });

    it('is kept as history, newest first, and replaced when a batch is checked again', async () => {
      const rows = [
        quality({}),
        quality({ batchId: 'b2', checkedAt: '2026-07-02T08:00:00.000000Z' }),
        quality({ batchId: 'b3', subject: 'metrics', checkedAt: '2026-07-03T08:00:00.000000Z' }),
        quality({ batchId: 'b4', scope: 'web-2', checkedAt: '2026-07-04T08:00:00.000000Z' }),
      ];
      await warehouse().mergeDataQuality(rows, signal());
      const again = quality({ score: 0.5 });
      await warehouse().mergeDataQuality([again], signal());
      expect(await warehouse().dataQuality({ limit: 10 }, signal())).toEqual([
        rows[3],
        rows[2],
        rows[1],
        again,
      ]);
      expect(
        await warehouse().dataQuality({ subject: 'features', scope: 'web-1', limit: 1 }, signal()),
      ).toEqual([rows[1]]);
    });
  });
}
