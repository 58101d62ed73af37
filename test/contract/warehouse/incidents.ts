import { describe, expect, it } from '@jest/globals';
import type { Incident } from '../../../src/contracts';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { incidentRow, preprocessedRow, quarantinedRow, ticketNumber } from '../../support/warehouseRows';

export function incidentContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('incidents', () => {
    it('come back as they were stored', async () => {
      const row = incidentRow();
      await warehouse().mergeIncidents([row], signal());
      expect(await warehouse().incident(row.number, signal())).toEqual(row);
      expect(await warehouse().incident('INC9999999', signal())).toBeUndefined();
    });

    it('keep null apart from empty text', async () => {
      const row = incidentRow({
        description: '',
        priority: null,
        assignmentGroup: null,
        state: '',
        resolvedAt: null,
        closeNotes: null,
      });
      await warehouse().mergeIncidents([row], signal());
      expect(await warehouse().incident(row.number, signal())).toEqual(row);
    });

    it.each([
      ['quotes and statements', `'; DROP TABLE incidents; -- " \` \\ $1 @number {{x}}`],
      ['text beyond ASCII', 'Über 𝄞 日本語 👩🏽‍💻 \u202eright to left \ufeff'],
      ['a NUL and control characters', 'before\u0000after\u0001\t\r\n\u007f'],
      ['line breaks of every kind', 'a\nb\r\nc\rd\u2028e'],
      ['very long text', 'a ticket as long as a book. '.repeat(180_000)],
    ])('carry %s through unchanged', async (_name, text) => {
      const row = incidentRow({ shortDescription: text.slice(0, 500), description: text, closeNotes: text });
      await warehouse().mergeIncidents([row], signal());
      expect(await warehouse().incident(row.number, signal())).toEqual(row);
    });

    it('store the replacement character for half of a surrogate pair', async () => {
      await warehouse().mergeIncidents([incidentRow({ description: 'cut \ud83d off' })], signal());
      expect((await warehouse().incident('INC0000001', signal()))?.description).toBe('cut \ufffd off');
    });

    it('replace the row with the same number, and only that one', async () => {
      await warehouse().mergeIncidents([incidentRow(), incidentRow({ number: 'INC0000002' })], signal());
      const changed = incidentRow({ state: 'Reopened', closeNotes: null });
      await warehouse().mergeIncidents([changed], signal());
      await warehouse().mergeIncidents([changed], signal());
      const stored = await warehouse().incidentsBetween({ limit: 10 }, signal());
      expect(stored).toEqual([changed, incidentRow({ number: 'INC0000002' })]);
    });

    it('keep the last of several rows with one number in one batch', async () => {
      await warehouse().mergeIncidents(
        [incidentRow({ state: 'New' }), incidentRow({ state: 'Open' }), incidentRow({ state: 'Closed' })],
        signal(),
      );
      expect(await warehouse().incidentsBetween({ limit: 10 }, signal())).toEqual([
        incidentRow({ state: 'Closed' }),
      ]);
    });

    it('keep microseconds, in the earliest and the latest years too', async () => {
      const times = [
        '0001-01-01T00:00:00.000001Z',
        '1969-12-31T23:59:59.999999Z',
        '2026-07-01T08:00:00.123456Z',
        '2026-07-01T08:00:00.123457Z',
        '9999-12-31T23:59:59.999999Z',
      ];
      const rows = times.map((sysCreatedOn, index) =>
        incidentRow({ number: ticketNumber(index), sysCreatedOn }),
      );
      await warehouse().mergeIncidents(rows, signal());
      const stored = await warehouse().incidentsBetween({ limit: 10 }, signal());
      expect(stored.map((row) => row.sysCreatedOn)).toEqual(times);
    });

    it('store another form of the same time in the one form', async () => {
      await warehouse().mergeIncidents(
        [incidentRow({ sysCreatedOn: '2026-07-01 10:00:00.5+02:00' })],
        signal(),
      );
      const stored = await warehouse().incident('INC0000001', signal());
      expect(stored?.sysCreatedOn).toBe('2026-07-01T08:00:00.500000Z');
    });

    it('are refused as a whole, naming row and column, when one value does not fit', async () => {
      const bad = incidentRow({ number: 'INC0000002', sysCreatedOn: 'yesterday' });
      await expect(warehouse().mergeIncidents([incidentRow(), bad], signal())).rejects.toMatchObject({
        code: 'WAREHOUSE_REJECTED',
        culprit: { row: 1, column: 'sys_created_on' },
      });
      const missing = { ...incidentRow(), techCenter: null } as unknown as Incident;
      await expect(warehouse().mergeIncidents([missing], signal())).rejects.toMatchObject({
        code: 'WAREHOUSE_REJECTED',
        culprit: { row: 0, column: 'tech_center' },
      });
      expect(await warehouse().techCenters(signal())).toEqual([]);
    });

    it('page by time and number, so equal timestamps at a page edge lose nothing', async () => {
      const rows = Array.from({ length: 25 }, (_, index) =>
        incidentRow({
          number: ticketNumber(index),
          sysCreatedOn: `2026-07-01T08:00:00.00000${Math.floor(index / 10)}Z`,
        }),
      );
      await warehouse().mergeIncidents([...rows].reverse(), signal());
      const seen: Incident[] = [];
      for (;;) {
        const after = seen.at(-1);
        const page = await warehouse().incidentsBetween({ limit: 4, ...(after && { after }) }, signal());
        if (page.length === 0) break;
        seen.push(...page);
      }
      expect(seen).toEqual(rows);
    });

    it('are read in a half-open window of one centre', async () => {
      await warehouse().mergeIncidents(
        ['2026-06-30T23:59:59.999999Z', '2026-07-01T00:00:00.000000Z', '2026-07-02T00:00:00.000000Z'].flatMap(
          (sysCreatedOn, index) => [
            incidentRow({ number: `A${index}`, sysCreatedOn, techCenter: 'A' }),
            incidentRow({ number: `B${index}`, sysCreatedOn, techCenter: 'B' }),
          ],
        ),
        signal(),
      );
      const window = { from: '2026-07-01T00:00:00.000000Z', to: '2026-07-02T00:00:00.000000Z', limit: 10 };
      const numbers = async (query: { techCenter?: string }): Promise<string[]> =>
        (await warehouse().incidentsBetween({ ...window, ...query }, signal())).map((row) => row.number);
      expect(await numbers({})).toEqual(['A1', 'B1']);
      expect(await numbers({ techCenter: 'B' })).toEqual(['B1']);
      expect(await numbers({ techCenter: "B' OR 'a' = 'a" })).toEqual([]);
    });

    it('are found by their numbers', async () => {
      await warehouse().mergeIncidents(
        [3, 1, 2].map((index) => incidentRow({ number: ticketNumber(index) })),
        signal(),
      );
      const found = await warehouse().incidents(
        [ticketNumber(2), "it's", '{{projectId}}', ticketNumber(1)],
        signal(),
      );
      expect(found.map((row) => row.number)).toEqual([ticketNumber(1), ticketNumber(2)]);
      expect(await warehouse().incidents([], signal())).toEqual([]);
    });

    it('say which tech centres there are, in lexical order', async () => {
      await warehouse().mergeIncidents(
        [
          incidentRow({ number: '1', techCenter: 'b' }),
          incidentRow({ number: '2', techCenter: 'Ä' }),
          incidentRow({ number: '3', techCenter: 'B', sysCreatedOn: '2026-08-01T00:00:00.000001Z' }),
          incidentRow({ number: '4', techCenter: 'B' }),
        ],
        signal(),
      );
      expect(await warehouse().techCenters(signal())).toEqual([
        { techCenter: 'B', incidents: 2, lastCreatedOn: '2026-08-01T00:00:00.000001Z' },
        { techCenter: 'b', incidents: 1, lastCreatedOn: '2026-07-01T08:00:00.000000Z' },
        { techCenter: 'Ä', incidents: 1, lastCreatedOn: '2026-07-01T08:00:00.000000Z' },
      ]);
    });

    it('take an empty batch as nothing to do', async () => {
      await warehouse().mergeIncidents([], signal());
      expect(await warehouse().incidentsBetween({ limit: 1 }, signal())).toEqual([]);
    });

    it('come through in thousands', async () => {
      const rows = Array.from({ length: 5_000 }, (_, index) =>
        incidentRow({ number: ticketNumber(index), shortDescription: `ticket ${index}` }),
      );
      await warehouse().mergeIncidents(rows, signal());
      await warehouse().mergeIncidents(rows.slice(2_000), signal());
      expect(await warehouse().incidentsBetween({ limit: 10_000 }, signal())).toEqual(rows);
    });
  });

  describe('unprocessed incidents', () => {
    const query = {
      techCenter: 'Service Desk',
      from: undefined,
      after: undefined,
      quarantineSource: 'preprocess',
      limit: 100,
    };

    it('are those neither preprocessed nor quarantined under the source', async () => {
      await warehouse().mergeIncidents(
        [1, 2, 3, 4].map((index) => incidentRow({ number: ticketNumber(index) })),
        signal(),
      );
      await warehouse().mergeIncidents([incidentRow({ number: 'X', techCenter: 'Other' })], signal());
      await warehouse().mergePreprocessed([preprocessedRow({ number: ticketNumber(1) })], signal());
      await warehouse().mergeQuarantined(
        [
          quarantinedRow({ key: ticketNumber(2) }),
          quarantinedRow({ key: ticketNumber(3), source: 'import' }),
        ],
        signal(),
      );
      const rows = await warehouse().unprocessedIncidents(query, signal());
      expect(rows.map((row) => row.number)).toEqual([ticketNumber(3), ticketNumber(4)]);
    });

    it('start at a time and after a position, in order', async () => {
      const times = [
        '2026-07-01T00:00:00.000000Z',
        '2026-07-02T00:00:00.000000Z',
        '2026-07-02T00:00:00.000000Z',
      ];
      await warehouse().mergeIncidents(
        times.map((sysCreatedOn, index) => incidentRow({ number: ticketNumber(index), sysCreatedOn })),
        signal(),
      );
      const numbers = async (
        more: Partial<Parameters<Warehouse['unprocessedIncidents']>[0]>,
      ): Promise<string[]> =>
        (await warehouse().unprocessedIncidents({ ...query, ...more }, signal())).map((row) => row.number);
      expect(await numbers({ from: times[1]! })).toEqual([ticketNumber(1), ticketNumber(2)]);
      expect(await numbers({ limit: 2 })).toEqual([ticketNumber(0), ticketNumber(1)]);
      const after = { sysCreatedOn: times[1]!, number: ticketNumber(1) };
      expect(await numbers({ after })).toEqual([ticketNumber(2)]);
    });

    it('older than a time are counted as late', async () => {
      await warehouse().mergeIncidents(
        [1, 2, 3, 4].map((day) =>
          incidentRow({ number: ticketNumber(day), sysCreatedOn: `2026-07-0${day}T00:00:00.000000Z` }),
        ),
        signal(),
      );
      await warehouse().mergePreprocessed([preprocessedRow({ number: ticketNumber(1) })], signal());
      const late = await warehouse().countUnprocessedBefore(
        { techCenter: 'Service Desk', before: '2026-07-03T00:00:00.000000Z', quarantineSource: 'preprocess' },
        signal(),
      );
      expect(late).toBe(1);
    });
  });

  describe('search', () => {
    it('finds tickets that have every word in short description or number, newest first', async () => {
      await warehouse().mergeIncidents(
        [
          incidentRow({ number: 'INC1', shortDescription: 'Printer on fire' }),
          incidentRow({
            number: 'INC2',
            shortDescription: 'FIREwall blocks printer',
            sysCreatedOn: '2026-08-01T00:00:00Z',
          }),
          incidentRow({ number: 'INC3', shortDescription: 'Firewall', techCenter: 'Other' }),
          incidentRow({ number: 'FIRE-4', shortDescription: 'printer' }),
        ],
        signal(),
      );
      const numbers = async (text: string, techCenter?: string): Promise<string[]> =>
        (
          await warehouse().searchIncidents(
            { text, limit: 10, ...(techCenter !== undefined && { techCenter }) },
            signal(),
          )
        ).map((row) => row.number);
      expect(await numbers('fire printer')).toEqual(['INC2', 'INC1', 'FIRE-4']);
      expect(await numbers('  FireWall ')).toEqual(['INC2', 'INC3']);
      expect(await numbers('firewall', 'Other')).toEqual(['INC3']);
      expect(await numbers('inc1')).toEqual(['INC1']);
      expect(await numbers('nothing like it')).toEqual([]);
    });

    it('takes percent signs, underscores and quotes as themselves', async () => {
      await warehouse().mergeIncidents(
        [
          incidentRow({ number: '1', shortDescription: 'disk at 100% of C:\\temp_files' }),
          incidentRow({ number: '2', shortDescription: "disk at 1000 of user's files" }),
        ],
        signal(),
      );
      const numbers = async (text: string): Promise<string[]> =>
        (await warehouse().searchIncidents({ text, limit: 10 }, signal())).map((row) => row.number);
      expect(await numbers('100%')).toEqual(['1']);
      expect(await numbers('temp_files')).toEqual(['1']);
      expect(await numbers('d_sk')).toEqual([]);
      expect(await numbers('C:\\temp')).toEqual(['1']);
      expect(await numbers("user's")).toEqual(['2']);
      expect(await numbers(`' OR '1'='1`)).toEqual([]);
    });

    it('gives the newest of all for no words, up to the limit', async () => {
      await warehouse().mergeIncidents(
        [1, 2, 3].map((day) =>
          incidentRow({ number: ticketNumber(day), sysCreatedOn: `2026-07-0${day}T00:00:00.000000Z` }),
        ),
        signal(),
      );
      const found = await warehouse().searchIncidents({ text: ' ', limit: 2 }, signal());
      expect(found.map((row) => row.number)).toEqual([ticketNumber(3), ticketNumber(2)]);
    });
  });
}
