import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { parseQuarter } from '../../../src/contracts';
import { importIncidents } from '../../../src/incidents/import/importIncidents';
import { withPlatform } from '../../support/platform';

const platformOf = withPlatform();
const signal = new AbortController().signal;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: string): string {
  const path = join(folder, 'tickets.csv');
  writeFileSync(path, content);
  return path;
}

const options = { techCenter: 'Service Desk', period: parseQuarter('2026q3') };

test('tickets are stored, refused rows set aside, the run recorded, and a second import changes nothing', async () => {
  const platform = await platformOf();
  const rows = Array.from({ length: 4_300 }, (_, i) => (i % 1_000 === 7 ? '' : `"ticket about thing ${i}"`));
  const path = fileOf(`n,text\n${rows.map((text, i) => `${i},${text}`).join('\n')}\n`);
  const progress: number[] = [];
  for (const round of [1, 2]) {
    const { run, report } = await importIncidents(platform, path, options, {
      signal,
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(run).toMatchObject({
      pipeline: 'import',
      scope: 'Service Desk',
      status: 'ok',
      counts: { read: 4_300, stored: 4_295, quarantined: 5 },
    });
    expect(report.refused).toEqual({ TEXT_EMPTY: 5 });
    expect(await platform.warehouse.techCenters(signal)).toEqual([
      expect.objectContaining({ techCenter: 'Service Desk', incidents: 4_295 }),
    ]);
    const quarantined = await platform.warehouse.quarantined({ source: 'import', limit: 100 }, signal);
    expect(quarantined.map(({ key }) => key).sort()).toEqual(
      [8, 1_008, 2_008, 3_008, 4_008].map((row) => `tickets.csv#${row}`).sort(),
    );
    expect(await platform.warehouse.runs({ limit: 10 }, signal)).toHaveLength(round);
  }
  expect(progress.at(-1)).toBe(1);
  expect(progress).toHaveLength(6);
});

test('tickets older than what a centre has processed are counted', async () => {
  const platform = await platformOf({ environment: { PREPROCESS_OVERLAP_MINUTES: '60' } });
  await platform.warehouse.advanceWatermark(
    {
      techCenter: 'SAP',
      lastProcessedTimestamp: '2026-07-01T08:00:00.000000Z',
      lastProcessedNumber: 'A',
      updatedAt: '2026-07-01T09:00:00.000000Z',
    },
    signal,
  );
  const path = fileOf(
    'number,text,sys_created_on,tech_center\n' +
      'B,printer jams,2026-07-01T07:30:00Z,SAP\n' +
      'C,printer jams,2026-07-01T06:30:00Z,SAP\n' +
      'D,printer jams,2025-01-01T06:30:00Z,SAP\n' +
      'E,printer jams,2025-01-01T06:30:00Z,Network\n',
  );
  const { late, run } = await importIncidents(platform, path, {}, { signal });
  expect(late).toBe(2);
  expect(run.counts).toMatchObject({ stored: 4, late: 2 });
});

test('a file that cannot be read records a failed run with its code', async () => {
  const platform = await platformOf();
  await expect(importIncidents(platform, fileOf('a,b\n1,2\n'), options, { signal })).rejects.toMatchObject({
    code: 'FILE_COLUMN_MISSING',
  });
  const [run] = await platform.warehouse.runs({ limit: 1 }, signal);
  expect(run).toMatchObject({ pipeline: 'import', status: 'failed', errorCode: 'FILE_COLUMN_MISSING' });
  expect(platform.telemetry.metrics).toContainEqual(
    expect.objectContaining({
      name: 'pipeline.run.failed',
      dimensions: expect.objectContaining({ pipeline: 'import' }),
    }),
  );
});
