import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { collectAlerts, quarantineRows, readAlertCsv } from '../../../src/alerts';
import { withPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const arrivedAt = '2026-10-05T12:00:00.000000Z';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-alert-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('rows that are set aside are kept with their reason, once however often the file is read', async () => {
  const platform = await platforms();
  const path = join(folder, 'alerts.csv');
  const good = Array.from({ length: 5_000 }, (_, index) => `a${index},Down,2026-10-05T11:00:00Z`);
  writeFileSync(path, ['id,name,startsAt', 'x,Down,soon', ...good, 'y,,2026-10-05T11:00:00Z'].join('\n'));
  for (let round = 0; round < 2; round++) {
    const file = await readAlertCsv(path, { timeZone: 'UTC', arrivedAt }, signal);
    const collected = await collectAlerts(file.batches(signal), quarantineRows(platform, path, signal));
    expect(collected).toMatchObject({ rejectedTotal: 2, repeats: 0 });
    expect(collected.alerts).toHaveLength(5_000);
  }
  const aside = await platform.warehouse.quarantined({ source: 'alerts', limit: 10 }, signal);
  expect(new Set(aside.map(({ key, reasonCode }) => `${key} ${reasonCode}`))).toEqual(
    new Set(['alerts.csv#1 TIME_INVALID', 'alerts.csv#5002 NAME_MISSING']),
  );
  expect(aside).toHaveLength(2);
});

test('memory grows with the firings of a file, not with its rows', async () => {
  const path = join(folder, 'identical.csv');
  const row = 'a-1,Down,shop,2026-10-05T11:00:00Z,"team=shop"\n';
  writeFileSync(path, `id,name,service,startsAt,labels\n${row.repeat(60_000)}`);
  const file = await readAlertCsv(path, { timeZone: 'UTC', arrivedAt }, signal);
  let largest = 0;
  let batches = 0;
  const { alerts, repeats } = await collectAlerts(file.batches(signal), (batch) => {
    batches++;
    largest = Math.max(largest, batch.alerts.length);
  });
  expect(alerts).toHaveLength(1);
  expect(repeats).toBe(59_999);
  // What is held at a time is a batch, however many there are.
  expect(batches).toBeGreaterThan(20);
  expect(largest).toBeLessThanOrEqual(2_000);
});
