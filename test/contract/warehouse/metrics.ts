import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { metricPoint } from '../../support/warehouseRows';

export function metricContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('metric points', () => {
    const minute = (index: number): string => `2026-07-01T08:${String(index).padStart(2, '0')}:00.000000Z`;

    it('are counted by instance and metric, with their first and last time, kind and unit', async () => {
      await warehouse().mergeMetricPoints(
        [
          metricPoint({ at: minute(0) }),
          metricPoint({ at: minute(2) }),
          metricPoint({ metric: 'requests', kind: 'counter', unit: null, at: minute(1) }),
          metricPoint({ instance: 'a-db', at: minute(1) }),
        ],
        signal(),
      );
      expect(await warehouse().metricCatalog({}, signal())).toEqual([
        {
          instance: 'a-db',
          metric: 'cpu',
          kind: 'gauge',
          unit: '1',
          points: 1,
          firstAt: minute(1),
          lastAt: minute(1),
        },
        {
          instance: 'web-1',
          metric: 'cpu',
          kind: 'gauge',
          unit: '1',
          points: 2,
          firstAt: minute(0),
          lastAt: minute(2),
        },
        {
          instance: 'web-1',
          metric: 'requests',
          kind: 'counter',
          unit: null,
          points: 1,
          firstAt: minute(1),
          lastAt: minute(1),
        },
      ]);
    });

    it('outside the window, which ends before its last moment, are not counted', async () => {
      await warehouse().mergeMetricPoints(
        [0, 1, 2, 3].map((index) => metricPoint({ at: minute(index) })),
        signal(),
      );
      const [found, ...more] = await warehouse().metricCatalog({ from: minute(1), to: minute(3) }, signal());
      expect(more).toEqual([]);
      expect(found).toMatchObject({ points: 2, firstAt: minute(1), lastAt: minute(2) });
    });

    it('are stored once however often and in whatever order their batches come', async () => {
      const first = metricPoint({ value: 1, kind: 'gauge', arrivedAt: minute(10) });
      const correction = metricPoint({ value: 2, kind: 'counter', arrivedAt: minute(11) });
      for (const rows of [[first], [correction], [correction, first], [first]]) {
        await warehouse().mergeMetricPoints(
          rows.toSorted((a, b) => (a.arrivedAt < b.arrivedAt ? -1 : 1)),
          signal(),
        );
      }
      expect(await warehouse().metricCatalog({}, signal())).toMatchObject([{ points: 1, kind: 'counter' }]);
    });

    it('of two within one batch the later one stays', async () => {
      await warehouse().mergeMetricPoints(
        [metricPoint({ kind: 'gauge' }), metricPoint({ kind: 'counter' })],
        signal(),
      );
      expect(await warehouse().metricCatalog({}, signal())).toMatchObject([{ points: 1, kind: 'counter' }]);
    });
  });
}
