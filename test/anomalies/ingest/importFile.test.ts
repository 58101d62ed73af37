import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { importFile } from '../../../src/anomalies';
import { withPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-observations-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 1_000 };

describe('a file of metrics', () => {
  const wide = 'minute,cpu,memory,anomaly\n0,0.25,5,0\n1,0.5,,1\n2,1e-3,7,0\n';

  test('with a column for each metric and numbered minutes begins where it is told to', async () => {
    const platform = await platforms();
    const imported = await importFile(
      platform,
      'metrics',
      fileOf('wide.csv.gz', gzipSync(wide)),
      { instance: 'machine-1', start: '2026-01-01T00:00:00.000000Z', without: ['anomaly'] },
      { signal },
    );
    expect(imported).toMatchObject({ records: 5, accepted: 5, rejectedTotal: 0, format: 'csv' });
    expect(imported.run).toMatchObject({ pipeline: 'import', scope: 'metrics', status: 'ok' });
    expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([
      {
        instance: 'machine-1',
        metric: 'cpu',
        points: 3,
        firstAt: '2026-01-01T00:00:00.000000Z',
        lastAt: '2026-01-01T00:02:00.000000Z',
      },
      { instance: 'machine-1', metric: 'memory', points: 2 },
    ]);
  });

  test('with numbered minutes and no start is refused, and so is one that names no instance', async () => {
    const platform = await platforms();
    const path = fileOf('wide.csv', wide);
    const control = { signal };
    await expect(importFile(platform, 'metrics', path, { instance: 'm' }, control)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      culprit: { option: 'start' },
    });
    platform.clock.advance(1_000);
    const start = '2026-01-01T00:00:00.000000Z';
    await expect(importFile(platform, 'metrics', path, { start }, control)).rejects.toMatchObject({
      code: 'FILE_COLUMN_MISSING',
      culprit: { column: 'instance' },
    });
    const [run] = await platform.warehouse.runs({ pipeline: 'import', limit: 1 }, signal);
    expect(run).toMatchObject({ status: 'failed', errorCode: 'FILE_COLUMN_MISSING' });
  });

  test('in long form, read twice, leaves its points once and sets aside what is no measurement', async () => {
    const platform = await platforms();
    const path = fileOf(
      'long.csv',
      [
        'Host;Metric;Timestamp;Value;Unit;Kind',
        'web-1;requests;2026-01-01T00:00:00+01:00;7;1;counter',
        'web-1;cpu;1767225600;0,5;;',
        'web-1;cpu;1767225600000;=1+1;;',
        'web-1;cpu;not yet;1;;',
        'web-1;cpu;1767225660;0.5;%;gauge',
      ].join('\r\n'),
    );
    const first = await importFile(platform, 'metrics', path, {}, { signal });
    expect(first).toMatchObject({ accepted: 2, rejectedTotal: 3 });
    expect(first.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'VALUE_NOT_FINITE'],
      [2, 'VALUE_NOT_FINITE'],
      [3, 'TIME_INVALID'],
    ]);
    platform.clock.advance(60_000);
    const again = await importFile(platform, 'metrics', path, {}, { signal });
    expect(again.batchId).toBe(first.batchId);
    expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([
      { metric: 'cpu', unit: '%', points: 1, firstAt: '2026-01-01T00:01:00.000000Z' },
      { metric: 'requests', kind: 'counter', points: 1, firstAt: '2025-12-31T23:00:00.000000Z' },
    ]);
    expect(await platform.warehouse.countQuarantined({ source: 'ingest' }, signal)).toBe(3);
  });

  test('of JSON lines keeps metrics that appear late, and takes text beside them for labels', async () => {
    const platform = await platforms();
    const lines = Array.from({ length: 300 }, (_, minute) =>
      JSON.stringify({
        host: 'web-1',
        region: 'eu',
        time: Date.UTC(2026, 0, 1) + minute * 60_000,
        cpu: minute,
        ...(minute === 299 && { disk: 1 }),
      }),
    );
    const path = fileOf('wide.ndjson', lines.join('\n'));
    expect(await importFile(platform, 'metrics', path, {}, { signal })).toMatchObject({
      accepted: 301,
      rejectedTotal: 0,
    });
    expect((await platform.warehouse.metricCatalog({}, signal)).map(({ metric }) => metric)).toEqual([
      'cpu',
      'disk',
    ]);
  });

  test('in Parquet is read with its types', async () => {
    const platform = await platforms();
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'instance', data: ['web-1', 'web-2'] },
        { name: 'timestamp', data: [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:01:00Z')] },
        { name: 'cpu', data: [0.5, 0.75] },
      ],
    });
    const path = fileOf('wide.parquet', new Uint8Array(bytes));
    expect(await importFile(platform, 'metrics', path, {}, { signal })).toMatchObject({ accepted: 2 });
    expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([
      { instance: 'web-1', firstAt: '2026-01-01T00:00:00.000000Z' },
      { instance: 'web-2', firstAt: '2026-01-01T00:01:00.000000Z' },
    ]);
  });
});

describe('a file of logs', () => {
  test('of plain lines keeps a stack trace with its line, and lines with a level have it', async () => {
    const platform = await platforms();
    const path = fileOf(
      'app.log',
      [
        '2026-01-01 00:00:00,123 ERROR [main] payment failed for order 17',
        '  at charge (pay.js:10)',
        '  at main (main.js:2)',
        '2026-01-01 00:00:01,000 INFO [main] payment ok for order 18',
        '',
      ].join('\n'),
    );
    const imported = await importFile(platform, 'logs', path, { instance: 'web-1' }, { signal });
    expect(imported).toMatchObject({ accepted: 2, format: 'text', rejectedTotal: 0 });
    const events = await platform.warehouse.logEventsBetween(all, signal);
    expect(events.map(({ level, at }) => [level, at])).toEqual([
      ['error', '2026-01-01T00:00:00.123000Z'],
      ['info', '2026-01-01T00:00:01.000000Z'],
    ]);
    expect(events[0]!.message).toContain('at charge (pay.js:10)');
    const templates = await platform.warehouse.logTemplates(signal);
    expect(new Set(templates.map(({ templateId }) => templateId))).toEqual(
      new Set(events.map(({ templateId }) => templateId)),
    );
  });

  test('of JSON lines is read by field, redacted, and once however often it is read', async () => {
    const platform = await platforms();
    const path = fileOf(
      'app.jsonl',
      [
        '{"time":"2026-01-01T00:00:00Z","level":"warn","msg":"login of ann@example.org","host":"web-9","logger":"auth","user":{"id":7}}',
        'started without JSON',
      ].join('\n'),
    );
    for (let round = 0; round < 2; round++) {
      await importFile(platform, 'logs', path, { instance: 'web-1' }, { signal });
    }
    const events = await platform.warehouse.logEventsBetween(all, signal);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      instance: 'web-9',
      level: 'warning',
      source: 'auth',
      message: 'login of [email]',
    });
    expect(JSON.parse(events[0]!.metadataJson)).toEqual({ 'user.id': 7 });
    expect(events[1]).toMatchObject({ instance: 'web-1', source: 'app.jsonl', level: 'info' });
  });

  test('that is empty or not there is refused by name', async () => {
    const platform = await platforms();
    await expect(
      importFile(platform, 'logs', fileOf('empty.log', ''), { instance: 'x' }, { signal }),
    ).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    await expect(
      importFile(platform, 'metrics', join(folder, 'gone.csv'), { instance: 'x' }, { signal }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
