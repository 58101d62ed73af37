import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { takeDropped } from '../../../src/anomalies';
import { withPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 1_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a dropped file', () => {
  test('in a folder of metrics and an instance needs to say neither', async () => {
    const platform = await platforms();
    const csv = 'timestamp,cpu,memory\n2026-10-05T11:00:00Z,0.5,7\n';
    const name = 'metrics/web-1/2026-10.csv.gz';
    for (let round = 0; round < 2; round++) {
      const { run, accepted } = await takeDropped(platform, { name, bytes: gzipSync(csv) });
      expect([run.pipeline, run.status, accepted]).toEqual(['ingest', 'ok', 2]);
    }
    expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([
      { instance: 'web-1', metric: 'cpu', points: 1 },
      { instance: 'web-1', metric: 'memory', points: 1 },
    ]);
  });

  test.each([
    [
      'long.ndjson',
      '{"instance":"a","metric":"cpu","timestamp":"2026-10-05T11:00:00Z","value":1}\n',
      'metrics',
    ],
    ['wide.csv', 'instance,timestamp,cpu\na,2026-10-05T11:00:00Z,1\n', 'metrics'],
    ['events.ndjson', '{"instance":"a","message":"m","timestamp":"2026-10-05T11:00:00Z"}\n', 'logs'],
  ])('%s is known by its content', async (name, text, kind) => {
    const platform = await platforms();
    const { run, accepted } = await takeDropped(platform, { name, bytes: bytes(text) });
    expect([run.scope, accepted]).toEqual([kind, 1]);
  });

  test('of plain lines is a log of the instance that its folder names', async () => {
    const platform = await platforms();
    const text = '2026-10-05T11:00:00Z ERROR disk is full\n2026-10-05T11:00:01Z INFO all is well\n';
    await takeDropped(platform, { name: 'logs/web-1/app.log', bytes: bytes(text) });
    const events = await platform.warehouse.logEventsBetween(all, signal);
    expect(events.map(({ instance, source, level }) => [instance, source, level])).toEqual([
      ['web-1', 'app.log', 'error'],
      ['web-1', 'app.log', 'info'],
    ]);
  });

  test('in Parquet is read by its columns', async () => {
    const platform = await platforms();
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'instance', data: ['a', 'b'] },
        { name: 'timestamp', data: [new Date('2026-10-05T11:00:00Z'), new Date('2026-10-05T11:00:00Z')] },
        { name: 'message', data: ['one', 'two'] },
      ],
    });
    const { run } = await takeDropped(platform, { name: 'x.parquet', bytes: new Uint8Array(file) });
    expect(run).toMatchObject({ scope: 'logs', counts: { stored: 2 } });
  });

  test('that is damaged fails by its code and records it', async () => {
    const platform = await platforms();
    const damaged = gzipSync('timestamp,cpu\n'.repeat(1_000)).subarray(0, 40);
    await expect(takeDropped(platform, { name: 'metrics/a/x.csv.gz', bytes: damaged })).rejects.toMatchObject(
      {
        code: 'FILE_MALFORMED',
      },
    );
    const [run] = await platform.warehouse.runs({ pipeline: 'ingest', limit: 1 }, signal);
    expect(run).toMatchObject({ status: 'failed', errorCode: 'FILE_MALFORMED' });
  });

  test('whose name would lead out of its folder stays in it', async () => {
    const platform = await platforms();
    const name = 'logs/web-1/..\\..\\passwd:x';
    expect(await takeDropped(platform, { name, bytes: bytes('a line\n') })).toMatchObject({ accepted: 1 });
  });
});
