import { describe, expect, test } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { post } from './ingestRequest';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const at = '2026-10-05T11:59:00Z';
const arrived = '2026-10-05T12:00:00.000000Z';

const line = (fields: object): string =>
  `${JSON.stringify({ instance: 'web-1', timestamp: at, ...fields })}\n`;

async function rawNames(platform: TestPlatform): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of platform.rawLogs.list('2026/', signal)) names.push(name);
  return names;
}

describe('a batch of metrics', () => {
  test('is stored as it came, and its points are in the table', async () => {
    const platform = await platforms();
    const body =
      line({ metric: 'cpu', value: 0.5 }) + line({ metric: 'requests', value: 7, kind: 'counter' });
    const { status, receipt } = await post(platform, 'metrics', { body });
    expect(status).toBe(200);
    expect(receipt).toMatchObject({
      kind: 'metrics',
      shape: 'ndjson',
      status: 'stored',
      arrivedAt: arrived,
      records: 2,
      accepted: 2,
      rejected: [],
    });
    expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([
      { instance: 'web-1', metric: 'cpu', kind: 'gauge', points: 1, firstAt: '2026-10-05T11:59:00.000000Z' },
      { instance: 'web-1', metric: 'requests', kind: 'counter', points: 1 },
    ]);

    const [name, ...more] = await rawNames(platform);
    expect(more).toEqual([]);
    expect(name).toBe(`2026/10/05/12/metrics-${receipt.batchId}.parquet`);
    const { bytes } = await platform.rawLogs.read(name!, signal);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map((row) => String(row['record'])).join('')).toBe(body);
    expect(rows[1]).toMatchObject({
      position: 1,
      shape: 'ndjson',
      kind: 'metrics',
      batch_id: receipt.batchId,
    });
    expect(rows[1]!['arrived_at']).toEqual(new Date(arrived));
  });

  test('with bad records keeps the good ones, and says of each bad one why', async () => {
    const platform = await platforms();
    const body = [
      line({ metric: 'cpu', value: 0.5 }),
      line({ metric: 'cpu', value: 'NaN' }),
      'not json\n',
      line({ metric: 'cpu', value: 1, timestamp: '2096-01-01T00:00:00Z' }),
      line({ metric: 'cpu', value: 1, timestamp: '1999-01-01T00:00:00Z' }),
      line({ metric: 'cpu', value: 1, timestamp: 'yesterday' }),
      line({ metric: 'cpu', value: 1, timestamp: null }),
      line({ metric: 'cpu', value: 1, instance: '' }),
      line({ metric: 'x'.repeat(201), value: 1 }),
      line({ metric: 'cpu', value: null }),
    ].join('');
    const { status, receipt } = await post(platform, 'metrics', { body });
    expect(status).toBe(200);
    expect(receipt).toMatchObject({ accepted: 1, records: 10, rejectedTotal: 9 });
    const expected = [
      [1, 'VALUE_NOT_FINITE'],
      [2, 'RECORD_MALFORMED'],
      [3, 'TIME_OUT_OF_RANGE'],
      [4, 'TIME_OUT_OF_RANGE'],
      [5, 'TIME_INVALID'],
      [6, 'TIME_MISSING'],
      [7, 'INSTANCE_MISSING'],
      [8, 'NAME_INVALID'],
      [9, 'VALUE_MISSING'],
    ];
    expect(receipt.rejected.map(({ index, code }) => [index, code])).toEqual(expected);
    const aside = await platform.warehouse.quarantined({ source: 'ingest', limit: 50 }, signal);
    expect(aside.map(({ key, reasonCode }) => [Number(key.split('#')[1]), reasonCode])).toEqual(expected);
    expect(JSON.parse(aside[1]!.rowJson)).toMatchObject({ excerpt: 'not json' });
  });

  test('sent again is answered with the same receipt and stores nothing twice', async () => {
    const platform = await platforms();
    const body = line({ metric: 'cpu', value: 0.5 });
    const first = await post(platform, 'metrics', { body });
    platform.clock.advance(7_200_000);
    const again = await post(platform, 'metrics', { body });
    expect(again.receipt).toEqual(first.receipt);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await rawNames(platform)).toHaveLength(1);
  });

  test('under a key of the sender is known by it, and another body under that key is refused', async () => {
    const platform = await platforms();
    const headers = { 'idempotency-key': 'batch 7' };
    const body = line({ metric: 'cpu', value: 0.5 });
    const first = await post(platform, 'metrics', { body, headers });
    expect((await post(platform, 'metrics', { body, headers })).receipt).toEqual(first.receipt);
    const other = await post(platform, 'metrics', { body: line({ metric: 'cpu', value: 1 }), headers });
    expect(other.status).toBe(422);
    expect(other.receipt).toMatchObject({ error: { code: 'BATCH_ID_REUSED' } });
  });

  test('that cannot be read as a whole is refused and leaves nothing behind', async () => {
    const platform = await platforms();
    const answer = await post(platform, 'metrics', {
      contentType: 'application/json',
      body: '{"resourceMetrics": 7}',
    });
    expect(answer.status).toBe(400);
    expect(answer.receipt).toMatchObject({ error: { code: 'INPUT_INVALID' } });
    const left: string[] = [];
    for await (const { name } of platform.rawLogs.list('', signal)) left.push(name);
    expect(left).toEqual([]);
  });
});
