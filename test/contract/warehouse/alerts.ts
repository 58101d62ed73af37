import { describe, expect, it } from '@jest/globals';
import type { StoredAlert } from '../../../src/contracts';
import type { AlertQuery } from '../../../src/platform/warehouse/alertOperations';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { changeEventRow, maintenanceWindowRow, storedAlertRow } from '../../support/warehouseRows';

export function alertContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  const minute = (index: number): string => `2026-07-01T08:${String(index).padStart(2, '0')}:00.000000Z`;
  const day = { from: '2026-07-01T00:00:00.000000Z', to: '2026-07-02T00:00:00.000000Z' };
  const ids = async (query: Partial<AlertQuery> = {}): Promise<string[]> =>
    (await warehouse().alertsBetween({ ...day, limit: 10, ...query }, signal())).map(({ id }) => id);
  const only = async (): Promise<StoredAlert> => {
    const [alert, ...more] = await warehouse().alertsBetween({ ...day, limit: 10 }, signal());
    expect(more).toEqual([]);
    return alert!;
  };

  describe('alerts', () => {
    it('come back as they were stored, by start and then by id', async () => {
      const rows = [
        storedAlertRow({
          id: 'b',
          startsAt: minute(1),
          labels: { team: `'; DROP -- \u0000 é𝄞 {{projectId}}` },
        }),
        storedAlertRow({ id: 'a', startsAt: minute(1), service: null, resource: null, labels: {} }),
        storedAlertRow({ id: 'c', startsAt: minute(0), status: 'resolved', endsAt: minute(5) }),
      ];
      await warehouse().mergeAlerts(rows, signal());
      expect(await warehouse().alertsBetween({ ...day, limit: 10 }, signal())).toEqual([
        rows[2],
        rows[1],
        rows[0],
      ]);
      expect(await warehouse().alertsByIds(['b', 'none', 'c'], signal())).toEqual([rows[2], rows[0]]);
      expect(await warehouse().alertsByIds([], signal())).toEqual([]);
    });

    it('of one firing are one row, in whatever order and how often its messages come', async () => {
      const fired = storedAlertRow({ startsAt: minute(1), saidAt: minute(1), arrivedAt: minute(2) });
      const worse = storedAlertRow({
        ...fired,
        severity: 'critical',
        status: 'acknowledged',
        saidAt: minute(3),
        arrivedAt: minute(4),
        batchId: 'b-2',
      });
      const over = storedAlertRow({
        ...fired,
        status: 'resolved',
        endsAt: minute(9),
        startsAt: minute(0),
        saidAt: minute(9),
        arrivedAt: minute(10),
        batchId: 'b-3',
      });
      const orders = [
        [fired, worse, over],
        [over, worse, fired],
        [worse, over, fired, over, worse],
      ];
      for (const order of orders) {
        for (const row of order) await warehouse().mergeAlerts([row], signal());
        const expected = { ...over, arrivedAt: fired.arrivedAt };
        expect(await only()).toEqual(expected);
        await warehouse().mergeAlerts(order, signal());
        expect(await only()).toEqual(expected);
      }
    });

    it('that are resolved stay so, with the latest end that was told', async () => {
      const resolved = storedAlertRow({ status: 'resolved', endsAt: minute(5), saidAt: minute(5) });
      const late = storedAlertRow({ status: 'firing', endsAt: null, saidAt: minute(7), severity: 'low' });
      await warehouse().mergeAlerts([resolved], signal());
      await warehouse().mergeAlerts([late], signal());
      expect(await only()).toEqual({
        ...resolved,
        severity: 'low',
        saidAt: minute(7),
      });
      await warehouse().mergeAlerts([{ ...resolved, endsAt: minute(4) }], signal());
      expect((await only()).endsAt).toBe(minute(5));
      await warehouse().mergeAlerts([{ ...resolved, endsAt: minute(6) }], signal());
      expect((await only()).endsAt).toBe(minute(6));
    });

    it('keep what was said of them when a later message does not say it', async () => {
      const fired = storedAlertRow({ saidAt: minute(1) });
      const over = storedAlertRow({
        status: 'resolved',
        endsAt: minute(5),
        severity: 'unknown',
        service: null,
        resource: null,
        description: 'over',
        saidAt: minute(5),
      });
      const { severity, service, resource } = fired;
      const expected = { ...over, severity, service, resource };
      for (const order of [
        [fired, over],
        [over, fired],
      ]) {
        const named = order.map((row) => ({ ...row, id: `alert-${order.indexOf(fired)}` }));
        for (const row of named) await warehouse().mergeAlerts([row], signal());
        const [{ id }] = named as [StoredAlert];
        expect(await warehouse().alertsByIds([id], signal())).toEqual([{ ...expected, id }]);
        await warehouse().mergeAlerts(named, signal());
        expect(await warehouse().alertsByIds([id], signal())).toEqual([{ ...expected, id }]);
      }
    });

    it('are taken up again when a person gives an acknowledgement back', async () => {
      const acknowledged = storedAlertRow({ status: 'acknowledged', saidAt: minute(3) });
      await warehouse().mergeAlerts([acknowledged], signal());
      await warehouse().mergeAlerts([{ ...acknowledged, status: 'firing', saidAt: minute(2) }], signal());
      expect((await only()).status).toBe('acknowledged');
      await warehouse().mergeAlerts([{ ...acknowledged, status: 'firing', saidAt: minute(4) }], signal());
      expect((await only()).status).toBe('firing');
    });

    it('are found by window and source, and with what was open then', async () => {
      await warehouse().mergeAlerts(
        [
          storedAlertRow({ id: 'old', startsAt: minute(0), saidAt: minute(12) }),
          storedAlertRow({ id: 'over', startsAt: minute(1), status: 'resolved', endsAt: minute(15) }),
          storedAlertRow({ id: 'ended', startsAt: minute(2), status: 'resolved', endsAt: minute(40) }),
          storedAlertRow({ id: 'unsaid', startsAt: minute(3), status: 'resolved', endsAt: null }),
          storedAlertRow({
            id: 'in',
            startsAt: minute(20),
            status: 'resolved',
            endsAt: minute(21),
            arrivedAt: minute(22),
          }),
          storedAlertRow({ id: 'other', startsAt: minute(29), source: 'grafana', arrivedAt: minute(31) }),
          storedAlertRow({ id: 'edge', startsAt: minute(30) }),
        ],
        signal(),
      );
      const window = { from: minute(20), to: minute(30) };
      expect(await ids(window)).toEqual(['in', 'other']);
      expect(await ids({ ...window, source: 'grafana' })).toEqual(['other']);
      expect(await ids({ ...window, openAt: minute(25) })).toEqual(['old', 'ended', 'in', 'other']);
      expect(await ids({ ...window, openAt: minute(25), source: 'csv' })).toEqual(['old', 'ended', 'in']);
      const spokenOf = { ...window, openAt: minute(25), openSince: minute(12) };
      expect(await ids(spokenOf)).toEqual(['old', 'in', 'other']);
      expect(await ids({ ...spokenOf, openSince: minute(13) })).toEqual(['in', 'other']);
      expect(await ids({ ...window, arrivedAfter: minute(22) })).toEqual(['other']);
      expect(await warehouse().alertSources({ ...window, openAt: minute(25) }, signal())).toEqual([
        { source: 'csv', alerts: 3 },
        { source: 'grafana', alerts: 1 },
      ]);
      expect(await warehouse().alertSources(window, signal())).toEqual([
        { source: 'csv', alerts: 1 },
        { source: 'grafana', alerts: 1 },
      ]);
    });

    it('of one moment are not lost at the edge of a page', async () => {
      const rows = ['a', 'b', 'c', 'd'].map((id) => storedAlertRow({ id }));
      await warehouse().mergeAlerts(rows, signal());
      const seen: string[] = [];
      let after: { startsAt: string; id: string } | undefined;
      for (;;) {
        const page = await warehouse().alertsBetween({ ...day, limit: 3, ...(after && { after }) }, signal());
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
        after = page.at(-1)!;
      }
      expect(seen).toEqual(['a', 'b', 'c', 'd']);
    });

    it('are counted and found by condition', async () => {
      await warehouse().mergeAlerts(
        [
          storedAlertRow({ id: 'a', fingerprint: 'f1', startsAt: minute(1) }),
          storedAlertRow({
            id: 'b',
            fingerprint: 'f1',
            startsAt: minute(8),
            status: 'resolved',
            endsAt: minute(9),
          }),
          storedAlertRow({ id: 'c', fingerprint: 'f2', startsAt: minute(3), status: 'resolved' }),
        ],
        signal(),
      );
      expect(await warehouse().alertHistory(day, signal())).toEqual([
        { fingerprint: 'f1', firings: 2, firstAt: minute(1), lastAt: minute(8) },
        { fingerprint: 'f2', firings: 1, firstAt: minute(3), lastAt: minute(3) },
      ]);
      const early = { from: day.from, to: minute(8), fingerprints: ['f1', 'none'] };
      expect(await warehouse().alertHistory(early, signal())).toEqual([
        { fingerprint: 'f1', firings: 1, firstAt: minute(1), lastAt: minute(1) },
      ]);
      const found = async (fingerprints: string[], from: string): Promise<string[]> =>
        (await warehouse().firingsOf({ fingerprints, from }, signal())).map(({ id }) => id);
      expect(await found(['f1', 'f2'], day.from)).toEqual(['a', 'c', 'b']);
      expect(await found(['f1', 'f2'], minute(9))).toEqual(['a']);
      expect(await found([], day.from)).toEqual([]);
    });
  });

  describe('maintenance windows', () => {
    it('come back as they were stored, by start, those that overlap', async () => {
      const late = maintenanceWindowRow({ windowId: 'w-1', startsAt: minute(30), endsAt: minute(40) });
      const early = maintenanceWindowRow({
        windowId: 'w-2',
        startsAt: minute(0),
        endsAt: minute(10),
        endedBy: 'ann',
        services: [],
        matchers: [{ label: 'env', value: 'prod*' }],
      });
      await warehouse().mergeMaintenanceWindows([late, early], signal());
      await warehouse().mergeMaintenanceWindows([late], signal());
      const list = (query: {
        windowId?: string;
        from?: string;
        to?: string;
      }): ReturnType<Warehouse['maintenanceWindows']> =>
        warehouse().maintenanceWindows({ ...query, limit: 10 }, signal());
      expect(await list({})).toEqual([early, late]);
      expect(await list({ from: minute(10), to: minute(31) })).toEqual([late]);
      expect(await list({ from: minute(9), to: minute(30) })).toEqual([early]);
      expect(await list({ windowId: 'w-2' })).toEqual([early]);
    });
  });

  describe('changes', () => {
    it('come back as they were stored, newest first, by window and service', async () => {
      const first = changeEventRow({ changeId: 'c-1', at: minute(1) });
      const second = changeEventRow({
        changeId: 'c-2',
        at: minute(2),
        service: null,
        finishedAt: null,
        labels: {},
      });
      await warehouse().mergeChangeEvents([first, second, { ...first, status: 'failure' }], signal());
      await warehouse().mergeChangeEvents([first], signal());
      expect(await warehouse().changeEventsBetween({ ...day, limit: 10 }, signal())).toEqual([second, first]);
      expect(
        await warehouse().changeEventsBetween({ from: minute(1), to: minute(2), limit: 10 }, signal()),
      ).toEqual([first]);
      expect(
        await warehouse().changeEventsBetween({ ...day, service: 'checkout', limit: 10 }, signal()),
      ).toEqual([first]);
    });
  });
}
