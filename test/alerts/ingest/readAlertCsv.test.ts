import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import {
  collectAlerts,
  parseAlertColumnMap,
  readAlertCsv,
  type AlertFileReport,
  type CollectedAlerts,
} from '../../../src/alerts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-alerts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const arrivedAt = '2026-10-05T12:00:00.000000Z';

async function read(
  content: string | Uint8Array,
  { map, timeZone = 'UTC', name = 'alerts.csv' }: { map?: string; timeZone?: string; name?: string } = {},
): Promise<CollectedAlerts & { report: AlertFileReport; encoding: string | undefined }> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const file = await readAlertCsv(path, {
    timeZone,
    arrivedAt,
    ...(map !== undefined && { map: parseAlertColumnMap(map) }),
  });
  const collected = await collectAlerts(file.batches());
  return { ...collected, report: file.report(), encoding: file.encoding };
}

describe('a file of alerts', () => {
  const usual =
    'alert_id,alert_name,service,resource,severity,status,start_time,end_time,description,labels\n' +
    'a-1,HighLatency,checkout,pod-7,critical,firing,2026-10-05T11:00:00Z,,p99 over 2 s,"{""team"":""shop"",""shard"":3}"\n';

  test('under the usual names is read whole', async () => {
    const { alerts, rejectedTotal, report } = await read(usual);
    expect(alerts).toEqual([
      {
        id: 'a-1',
        source: 'csv',
        name: 'HighLatency',
        service: 'checkout',
        resource: 'pod-7',
        severity: 'critical',
        status: 'firing',
        startsAt: '2026-10-05T11:00:00.000000Z',
        endsAt: null,
        labels: { team: 'shop', shard: '3' },
        description: 'p99 over 2 s',
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    expect(rejectedTotal).toBe(0);
    expect(report).toMatchObject({ rows: 1, alerts: 1, rowsWithoutZone: 0, unknownSeverities: {} });
  });

  test('under other names, also those that the user gives, is the same', async () => {
    const { alerts: expected } = await read(usual);
    const webhookNames = usual.replace(
      'alert_id,alert_name,service,resource,severity,status,start_time,end_time',
      'ID;Name;Application;Host;Priority;State;startsAt;endsAt',
    );
    const semicolons = webhookNames
      .replace(',description,labels', ';Message;Tags')
      .replace(
        'a-1,HighLatency,checkout,pod-7,critical,firing,2026-10-05T11:00:00Z,,p99 over 2 s,',
        'a-1;HighLatency;checkout;pod-7;critical;firing;2026-10-05T11:00:00Z;;p99 over 2 s;',
      );
    expect((await read(semicolons)).alerts).toEqual(expected);
    const own = usual.replace('alert_name', 'Was').replace('start_time', 'Wann');
    expect((await read(own, { map: 'alert_name=Was, start_time=wann' })).alerts).toEqual(expected);
  });

  test('without a needed column is refused, naming it and the columns that there are', async () => {
    await expect(read('alert_id,service\n1,shop\n')).rejects.toMatchObject({
      code: 'FILE_COLUMN_MISSING',
      culprit: { column: 'alert_name', columns: ['alert_id', 'service'] },
    });
    await expect(read('name,service\nx,shop\n')).rejects.toMatchObject({
      code: 'FILE_COLUMN_MISSING',
      culprit: { column: 'start_time' },
    });
    await expect(read(usual, { map: 'team=Team' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      culprit: { option: 'map', column: 'team' },
    });
    await expect(read(usual, { map: 'resource=Box' })).rejects.toMatchObject({
      code: 'FILE_COLUMN_MISSING',
      culprit: { column: 'Box' },
    });
    await expect(read(usual, { timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
  });

  test('sets bad rows aside one by one, and says of each why', async () => {
    const rows = [
      'good,Down,2026-10-05T11:00:00Z,,high,firing,',
      ',,2026-10-05T11:00:00Z,,high,firing,',
      'c,Down,yesterday,,high,firing,',
      'd,Down,,,high,firing,',
      'e,Down,2026-10-05T11:00:00Z,2026-10-05T10:59:59Z,high,resolved,',
      'f,Down,2026-02-30T11:00:00Z,,high,firing,',
      'g,Down,1066-10-14T09:00:00Z,,high,firing,',
      'h,Down,2026-10-05T11:00:00Z,soon,high,firing,',
      'j,Down,2026-10-05T11:00:00Z,,high,firing,"{broken"',
      `${'k'.repeat(1_001)},Down,2026-10-05T11:00:00Z,,high,firing,`,
      'l,Down,2026-10-05T11:00:00Z,,high,firing,,one,cell,more',
      'last,Down,2026-10-05T11:00:01Z,,high,firing,',
    ];
    const { alerts, rejected, rejectedTotal, report } = await read(
      `id,name,startsAt,endsAt,severity,status,labels\n${rows.join('\n')}\n`,
    );
    expect(alerts.map(({ id }) => id)).toEqual(['good', 'last']);
    expect(rejectedTotal).toBe(10);
    expect([...rejected].sort((a, b) => a.row - b.row).map(({ row, code }) => [row, code])).toEqual([
      [2, 'NAME_MISSING'],
      [3, 'TIME_INVALID'],
      [4, 'TIME_MISSING'],
      [5, 'END_BEFORE_START'],
      [6, 'TIME_INVALID'],
      [7, 'TIME_OUT_OF_RANGE'],
      [8, 'TIME_INVALID'],
      [9, 'LABELS_INVALID'],
      [10, 'FIELD_INVALID'],
      [11, 'RECORD_MALFORMED'],
    ]);
    expect(report).toMatchObject({ rows: 12, alerts: 2, rejected: 10, rejectedByCode: { TIME_INVALID: 3 } });
  });

  test('sets rows aside that lie far ahead, and takes those that are merely early', async () => {
    const starts = [
      '2099-01-01T00:00:00Z',
      '2027-10-07T12:00:00Z',
      '2026-10-06T12:00:00Z',
      '2026-10-05T11:00:00Z',
    ];
    const { alerts, rejected } = await read(
      `name,start_time\n${starts.map((start, row) => `A${row},${start}`).join('\n')}\n`,
    );
    expect(alerts.map(({ name }) => name)).toEqual(['A2', 'A3']);
    expect(rejected.map(({ row, code }) => [row, code])).toEqual([
      [1, 'TIME_OUT_OF_RANGE'],
      [2, 'TIME_OUT_OF_RANGE'],
    ]);
  });

  test('with a quote that nobody closes is refused as a whole: what follows is no rows', async () => {
    const rows = [
      'name,start_time',
      'A,2026-10-05T11:00:00Z',
      '"B,2026-10-05T11:00:00Z',
      'C,2026-10-05T11:00:00Z',
    ];
    await expect(read(rows.join('\n'))).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
  });

  test('with times that name no zone is read in the zone given, and says so', async () => {
    const content =
      'name,start_time\nA,2026-07-01 08:00\nB,2026-01-01T08:00:00.250\nC,2026/07/01 8:00:00\nD,2026-07-01T08:00:00+09:00\nE,1782892800\n';
    const { alerts, report } = await read(content, { timeZone: 'Europe/Berlin' });
    expect(alerts.map(({ startsAt }) => startsAt)).toEqual([
      '2026-07-01T06:00:00.000000Z',
      '2026-01-01T07:00:00.250000Z',
      '2026-07-01T06:00:00.000000Z',
      '2026-06-30T23:00:00.000000Z',
      '2026-07-01T08:00:00.000000Z',
    ]);
    expect(report).toMatchObject({ rowsWithoutZone: 3, timeZone: 'Europe/Berlin' });
  });

  test('keeps alerts whose severity nobody knows, and counts the words', async () => {
    const words = ['CRITICAL', 'Sev1', 'P3', '2', 'minor', 'INFO', '', 'mauve', 'mauve', '9'];
    const content = words.map((word, index) => `A${index},2026-07-01T08:00:00Z,${word}`).join('\n');
    const { alerts, report } = await read(`name,start_time,severity\n${content}\n`);
    expect(alerts.map(({ severity }) => severity)).toEqual([
      'critical',
      'high',
      'warning',
      'high',
      'low',
      'info',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(alerts[7]!.labels).toEqual({ severity: 'mauve' });
    expect(report.unknownSeverities).toEqual({ mauve: 2, '9': 1 });
  });

  test('tells what is over from what still fires', async () => {
    const { alerts, report } = await read(
      [
        'name,start_time,end_time,status',
        'A,2026-10-05T11:00:00Z,2026-10-05T11:05:00Z,',
        'B,2026-10-05T11:00:00Z,0001-01-01T00:00:00Z,firing',
        'C,2026-10-05T11:00:00Z,2026-10-05T13:00:00Z,firing',
        'D,2026-10-05T11:00:00Z,,OK',
        'E,2026-10-05T11:00:00Z,,Acknowledged',
        'F,2026-10-05T11:00:00Z,2026-10-05T11:05:00Z,firing',
        'G,2026-10-05T11:00:00Z,,perhaps',
        'H,2026-10-05T11:00:00Z,2026-10-05T11:05:00Z,perhaps',
      ].join('\n'),
    );
    const end = '2026-10-05T11:05:00.000000Z';
    expect(alerts.map(({ status, endsAt }) => [status, endsAt])).toEqual([
      ['resolved', end],
      ['firing', null],
      ['firing', null],
      ['resolved', null],
      ['acknowledged', null],
      ['resolved', end],
      ['firing', null],
      ['resolved', end],
    ]);
    expect(report.unknownStatuses).toEqual({ perhaps: 2 });
    expect(alerts[6]!.labels).toEqual({ status: 'perhaps' });
  });

  test('gives a condition one fingerprint whatever changes from firing to firing', async () => {
    const { alerts } = await read(
      [
        'name,service,start_time,labels,ticket',
        'A,shop,2026-10-05T11:00:00Z,"{pod=""a"",zone=""1"",value=""7""}",T-1',
        'A,shop,2026-10-05T11:30:00Z,"zone=1;pod=a;value=9",T-2',
        'A,shop,2026-10-05T11:30:00Z,"zone=2;pod=a",T-3',
      ].join('\n'),
    );
    const [first, second, third] = alerts;
    expect(first!.fingerprint).toBe(second!.fingerprint);
    expect(first!.id).not.toBe(second!.id);
    expect(third!.fingerprint).not.toBe(first!.fingerprint);
    expect(first!.labels).toEqual({ pod: 'a', zone: '1', value: '7', ticket: 'T-1' });
  });

  test('of 10,000 labels keeps the first of them and the count of the others', async () => {
    const labels = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`label_${index}`, `${index}`]),
    );
    const cell = JSON.stringify({ ...labels, team: 'shop' }).replaceAll('"', '""');
    const { alerts, report } = await read(`name,start_time,labels\nA,2026-10-05T11:00:00Z,"${cell}"\n`);
    expect(Object.keys(alerts[0]!.labels)).toHaveLength(201);
    expect(alerts[0]!.labels).toMatchObject({ team: 'shop', label_0: '0', labels_cut: '9801' });
    expect(report.labelsCut).toBe(9_801);
  });

  test('in any usual encoding, also compressed, is the same', async () => {
    const text = 'name;service;start_time\nÜberlast;Zahlungsgerät – größer;2026-10-05T11:00:00Z\n';
    const expected = (await read(text)).alerts;
    for (const encoding of ['utf-16le', 'windows-1252']) {
      const found = await read(iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' }));
      expect(found.alerts).toEqual(expected);
    }
    expect((await read(gzipSync(text), { name: 'alerts.csv.gz' })).alerts).toEqual(expected);
    const object = {
      name: 'Überlast',
      service: 'Zahlungsgerät – größer',
      start_time: '2026-10-05T11:00:00Z',
    };
    expect((await read(JSON.stringify(object), { name: 'alerts.ndjson' })).alerts).toEqual(expected);
  });

  test('that is empty, not there or only a header is refused by name', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    await expect(read('name,start_time\n')).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    await expect(
      readAlertCsv(join(folder, 'gone.csv'), { timeZone: 'UTC', arrivedAt }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('collected alerts', () => {
  test('keep the earliest start and the latest end, and nothing reopens what is resolved', async () => {
    const { alerts } = await read(
      [
        'id,name,status,start_time,end_time,description',
        'a,Down,resolved,2026-10-05T11:00:00Z,2026-10-05T11:20:00Z,over',
        'a,Down,firing,2026-10-05T11:00:00Z,,late',
        'a,Down,resolved,2026-10-05T10:59:00Z,2026-10-05T11:10:00Z,early',
      ].join('\n'),
    );
    expect(alerts).toMatchObject([
      {
        status: 'resolved',
        startsAt: '2026-10-05T10:59:00.000000Z',
        endsAt: '2026-10-05T11:20:00.000000Z',
        description: 'early',
      },
    ]);
  });

  test('of different conditions under one id stay apart', async () => {
    const { alerts, idsReused } = await read(
      'id,name,start_time\nrule-1,A,2026-10-05T11:00:00Z\nrule-1,B,2026-10-05T11:00:00Z\nrule-1,B,2026-10-05T11:00:00Z\n',
    );
    expect(alerts.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(2);
    expect(idsReused).toBe(2);
  });

  test('of one condition that fires again under the id of its rule are firings of their own', async () => {
    const firings = [
      'rule-1,A,2026-10-05T10:00:00Z,2026-10-05T10:05:00Z',
      'rule-1,A,2026-10-05T11:00:00Z,',
      'rule-1,A,2026-10-05T11:00:00Z,2026-10-05T11:05:00Z',
      'rule-1,A,2026-10-05T10:00:00Z,',
      'rule-1,A,2026-10-05T11:30:00Z,',
    ];
    const { alerts } = await read(`id,name,start_time,end_time\n${firings.join('\n')}\n`);
    expect(alerts.map(({ startsAt, status }) => `${startsAt.slice(11, 16)} ${status}`)).toEqual([
      '10:00 resolved',
      '11:00 resolved',
      '11:30 firing',
    ]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(3);
  });
});
