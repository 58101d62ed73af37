import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { logEvent, logTemplate } from '../../support/warehouseRows';

export function logContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  const second = (index: number): string => `2026-07-01T08:00:${String(index).padStart(2, '0')}.000000Z`;
  const day = { from: '2026-07-01T00:00:00.000000Z', to: '2026-07-02T00:00:00.000000Z' };

  describe('log events', () => {
    it('come back as they were stored, in order of time and then of record', async () => {
      const events = [
        logEvent({ recordId: 'b', at: second(1), message: `'; DROP -- \u0000 {{projectId}} é𝄞` }),
        logEvent({ recordId: 'a', at: second(1), source: null }),
        logEvent({ recordId: 'c', at: second(0) }),
      ];
      await warehouse().mergeLogEvents(events, signal());
      await warehouse().mergeLogEvents(events, signal());
      expect(await warehouse().logEventsBetween({ ...day, limit: 10 }, signal())).toEqual([
        events[2],
        events[1],
        events[0],
      ]);
    });

    it('are found by instance, template and half-open window', async () => {
      const rows = [0, 1, 2, 3].map((index) =>
        logEvent({
          recordId: `r${index}`,
          at: second(index),
          instance: index % 2 === 0 ? 'web-1' : 'web-2',
          templateId: index < 2 ? 't-1' : 't-2',
        }),
      );
      await warehouse().mergeLogEvents(rows, signal());
      const ids = async (query: Partial<Parameters<Warehouse['logEventsBetween']>[0]>): Promise<string[]> =>
        (await warehouse().logEventsBetween({ ...day, limit: 10, ...query }, signal())).map(
          ({ recordId }) => recordId,
        );
      expect(await ids({ instance: 'web-2' })).toEqual(['r1', 'r3']);
      expect(await ids({ templateId: 't-2' })).toEqual(['r2', 'r3']);
      expect(await ids({ instance: 'web-1', templateId: 't-1' })).toEqual(['r0']);
      expect(await ids({ from: second(1), to: second(3) })).toEqual(['r1', 'r2']);
    });

    it('of one moment are not lost at the edge of a page', async () => {
      const rows = ['a', 'b', 'c'].map((recordId) => logEvent({ recordId }));
      await warehouse().mergeLogEvents(rows, signal());
      const seen: string[] = [];
      let after: { at: string; recordId: string } | undefined;
      for (;;) {
        const page = await warehouse().logEventsBetween(
          { ...day, limit: 2, ...(after && { after }) },
          signal(),
        );
        if (page.length === 0) break;
        seen.push(...page.map(({ recordId }) => recordId));
        after = page.at(-1)!;
      }
      expect(seen).toEqual(['a', 'b', 'c']);
    });
  });

  describe('log templates', () => {
    it('are stored by id; one that was updated later stays', async () => {
      const newer = logTemplate({ version: 2, template: 'connection <*>', updatedAt: second(50) });
      const older = logTemplate({ updatedAt: second(40) });
      const other = logTemplate({ templateId: 't-0' });
      await warehouse().mergeLogTemplates([older, other], signal());
      await warehouse().mergeLogTemplates([newer], signal());
      await warehouse().mergeLogTemplates([older], signal());
      expect(await warehouse().logTemplates(signal())).toEqual([other, newer]);
    });
  });
}
