import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQuarter, quarterBounds, type Incident } from '../../../src/contracts';
import { parseColumnMap } from '../../../src/incidents/import/columns';
import {
  readIncidentFile,
  type IncidentFileOptions,
  type IncidentFileReport,
  type RefusedRow,
} from '../../../src/incidents/import/readIncidentFile';
import { dateOrderOf, readTicketTime } from '../../../src/incidents/import/ticketTime';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
async function read(
  content: string,
  options: IncidentFileOptions = {},
): Promise<{ incidents: Incident[]; refused: RefusedRow[]; report: IncidentFileReport }> {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  const file = await readIncidentFile(path, options);
  const incidents: Incident[] = [];
  const refused: RefusedRow[] = [];
  for await (const batch of file.batches()) {
    incidents.push(...batch.incidents);
    refused.push(...batch.refused);
  }
  return { incidents, refused, report: file.report() };
}

const bare = { techCenter: 'Service Desk', period: parseQuarter('2026q3') };

describe('columns', () => {
  test('are found as ServiceNow exports them', async () => {
    const { incidents, report } = await read(
      'Number,Short description,Description,Opened,Assignment group,State,Priority,Resolved,Tech Center,Colour\n' +
        'INC1,VPN drops,Every hour,2026-07-01 08:30:00,Network,Closed,3 - Moderate,2026-07-02 09:00:00,Network,red\n',
    );
    expect(incidents).toEqual([
      {
        number: 'INC1',
        shortDescription: 'VPN drops',
        description: 'Every hour',
        sysCreatedOn: '2026-07-01T08:30:00.000000Z',
        techCenter: 'Network',
        priority: '3 - Moderate',
        assignmentGroup: 'Network',
        state: 'Closed',
        resolvedAt: '2026-07-02T09:00:00.000000Z',
        closeNotes: null,
      },
    ]);
    expect(report.derived).toEqual({});
    expect(report.unused).toEqual(['Colour']);
  });

  test('are found as Jira exports them', async () => {
    const { incidents } = await read(
      'Issue key,Summary,Created,Component,Status\nOPS-7,Disk full,31/Dec/26 8:05 PM,Storage,Open\n',
    );
    expect(incidents[0]).toMatchObject({
      number: 'OPS-7',
      shortDescription: 'Disk full',
      sysCreatedOn: '2026-12-31T20:05:00.000000Z',
      techCenter: 'Storage',
      state: 'Open',
    });
  });

  test('named by the user win over every spelling', async () => {
    const { incidents, report } = await read(
      'number,title,Headline,Squad,created\nA1,wrong,right,Database,2026-07-01\n',
      { map: parseColumnMap('short_description=headline, tech_center=Squad') },
    );
    expect(incidents[0]).toMatchObject({ shortDescription: 'right', techCenter: 'Database' });
    expect(report.columns.short_description).toBe('Headline');
  });

  test.each<[string, string, IncidentFileOptions, string]>([
    ['a text', 'number,created,team\nA,2026-07-01,X\n', {}, 'description'],
    ['a tech centre', 'title,created\nA,2026-07-01\n', {}, 'tech_center'],
    ['a time', 'title,team\nA,X\n', {}, 'sys_created_on'],
    ['a mapped one', 'title,team\nA,X\n', { map: { description: 'Body' }, ...bare }, 'Body'],
  ])(
    'a file without %s is refused, naming the column and those there',
    async (_name, content, options, column) => {
      await expect(read(content, options)).rejects.toMatchObject({
        code: 'FILE_COLUMN_MISSING',
        culprit: { column, columns: content.split('\n')[0]!.split(',') },
      });
    },
  );

  test('a map to a column that is not ours, or without a sign, is refused', async () => {
    await expect(read('a\nb\n', { map: { colour: 'a' }, ...bare })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(() => parseColumnMap('description')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => parseColumnMap('=x')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test('the option for the tech centre is not overruled by a column that merely could be one', async () => {
    const { incidents } = await read('text,topic\nVPN drops,HR\n', bare);
    expect(incidents[0]!.techCenter).toBe('Service Desk');
  });
});

describe('what a file lacks', () => {
  const content =
    'text\n"The VPN drops. It does so hourly."\nno stop here\nno stop here\n"The VPN drops. It does so hourly."\nno stop here\n';

  test('is derived, and said', async () => {
    const { incidents, report } = await read(content, bare);
    expect(incidents).toHaveLength(5);
    expect(incidents[0]).toMatchObject({
      shortDescription: 'The VPN drops.',
      description: 'The VPN drops. It does so hourly.',
      techCenter: 'Service Desk',
    });
    expect(Object.keys(report.derived).sort()).toEqual([
      'number',
      'short_description',
      'sys_created_on',
      'tech_center',
    ]);
  });

  test('numbers follow from the content, and equal rows get numbers of their own', async () => {
    const { incidents } = await read(content, bare);
    const numbers = incidents.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(5);
    expect(numbers[3]).toBe(`${numbers[0]}-2`);
    expect(numbers[4]).toBe(`${numbers[1]}-3`);
    const again = await read(`${content}one more\n`, bare);
    expect(again.incidents.slice(0, 5).map(({ number }) => number)).toEqual(numbers);
  });

  test('times fill the quarter evenly and are the same each time', async () => {
    const many = `text\n${Array.from({ length: 1_000 }, (_, i) => `ticket ${i}`).join('\n')}\n`;
    const first = await read(many, bare);
    const { from, to } = quarterBounds(bare.period);
    const byMonth = new Map<string, number>();
    for (const { sysCreatedOn } of first.incidents) {
      expect(sysCreatedOn >= from && sysCreatedOn < to).toBe(true);
      const month = sysCreatedOn.slice(0, 7);
      byMonth.set(month, (byMonth.get(month) ?? 0) + 1);
    }
    for (const count of byMonth.values()) expect(Math.abs(count - 1_000 / 3)).toBeLessThan(20);
    expect((await read(many, bare)).incidents).toEqual(first.incidents);
  });

  test('a long first sentence is cut to a title', async () => {
    const { incidents } = await read(`text\n${'word '.repeat(100)}\n`, bare);
    expect(incidents[0]!.shortDescription.split(' ')).toHaveLength(14);
  });
});

describe('rows that are no tickets', () => {
  test('are refused alone, each with its reason', async () => {
    const { incidents, refused, report } = await read(
      [
        'number,title,created,team',
        'A1,fine,2026-07-01,X',
        'A2,,2026-07-01,X',
        'A3,no time,yesterday,X',
        'A4,no team,2026-07-01,',
        ',no number,2026-07-01,X',
        `${'9'.repeat(201)},long number,2026-07-01,X`,
        'A7,too,2026-07-01,X,many,cells',
        'A8,April has thirty days,31.04.2026,X',
        'A1,the last one wins,2026-07-02,X',
      ].join('\n'),
    );
    expect(incidents.map(({ number, shortDescription }) => [number, shortDescription])).toEqual([
      ['A1', 'the last one wins'],
    ]);
    expect(refused.map(({ row, reason }) => [row, reason] as const).sort(([a], [b]) => a - b)).toEqual([
      [2, 'TEXT_EMPTY'],
      [3, 'TIME_INVALID'],
      [4, 'TECH_CENTER_INVALID'],
      [5, 'NUMBER_INVALID'],
      [6, 'NUMBER_INVALID'],
      [7, 'FILE_ROW_MALFORMED'],
      [8, 'TIME_INVALID'],
    ]);
    expect(report).toMatchObject({
      rows: 9,
      refused: {
        TEXT_EMPTY: 1,
        TIME_INVALID: 2,
        TECH_CENTER_INVALID: 1,
        NUMBER_INVALID: 2,
        FILE_ROW_MALFORMED: 1,
      },
    });
  });
});

describe('times', () => {
  test.each([
    ['2026-07-01T08:30:00+02:00', '2026-07-01T06:30:00.000000Z'],
    ['1782894600', '2026-07-01T08:30:00.000000Z'],
    ['1782894600000', '2026-07-01T08:30:00.000000Z'],
    ['31.12.2026 08:30', '2026-12-31T08:30:00.000000Z'],
    ['7/1/26, 8:30 PM', '2026-07-01T20:30:00.000000Z'],
    ['07/01/2026 12:05:09 AM', '2026-07-01T00:05:09.000000Z'],
    ['1-Jul-2026', '2026-07-01T00:00:00.000000Z'],
  ])('%s', (text, expected) => {
    expect(readTicketTime(text, 'month-first')).toBe(expected);
  });

  test.each([[''], ['13/13/2026'], ['30/02/2026 10:00'], ['1/1/2026 25:00'], ['12']])(
    '%j is none',
    (text) => {
      expect(readTicketTime(text, 'day-first')).toBeUndefined();
    },
  );

  test('the order of day and month is what the column shows', () => {
    expect(dateOrderOf(['01/02/2026', '25/02/2026'])).toBe('day-first');
    expect(dateOrderOf(['01/02/2026', '02/25/2026'])).toBe('month-first');
    expect(dateOrderOf(['01/02/2026'])).toBe('month-first');
  });
});
