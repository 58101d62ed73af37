import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { writeResults } from '../../../src/alerts/results/writeResults';
import { groupStorms, rowsOf, smallStorms } from '../../support/alerts/groupedStorm';
import { consolidatedAlert, groupingRun } from '../../support/alerts/groupingRows';

const fileNames = [
  'alert_consolidation_final.csv',
  'alerts_by_cluster_detailed.csv',
  'cluster_summary.csv',
  'clustering_statistics.json',
  'deduplicated_alerts.csv',
  'mapping_statistics.csv',
  'ranked_clusters.csv',
  'run_metadata.json',
];

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(output, { recursive: true, force: true }));

const table = (run: string, name: string): Record<string, string>[] =>
  parse<Record<string, string>>(readFileSync(join(output, run, name)), { columns: true });

const empty = { groups: [], closed: [], clusters: [], deduplicated: [], mappingStatistics: [] };

describe('the results of a run', () => {
  test('are exactly these files, each named in the metadata by its size and digest', async () => {
    const rows = rowsOf(await groupStorms(smallStorms()));
    const folder = await writeResults(output, rows);
    expect(folder).toBe(join(output, 'run-1'));
    expect(readdirSync(output)).toEqual(['run-1']);
    expect(readdirSync(folder).sort()).toEqual(fileNames);
    const metadata = JSON.parse(readFileSync(join(folder, 'run_metadata.json'), 'utf8')) as {
      counts: { alerts: number };
      files: { name: string; bytes: number; sha256: string }[];
    };
    expect(metadata.counts.alerts).toBe(rows.run.alerts);
    expect(metadata.files.map(({ name }) => name).sort()).toEqual(
      fileNames.filter((name) => name !== 'run_metadata.json'),
    );
    for (const { name, bytes, sha256 } of metadata.files) {
      const content = readFileSync(join(folder, name));
      expect(content.byteLength).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  test('have a line for every alert, every primary and every group, best group first', async () => {
    const rows = rowsOf(await groupStorms(smallStorms()));
    await writeResults(output, rows);
    const consolidated = table('run-1', 'alert_consolidation_final.csv');
    expect(consolidated.map((line) => line['alert_id'])).toEqual(
      rows.consolidated.map(({ alertId }) => alertId),
    );
    expect(table('run-1', 'deduplicated_alerts.csv')).toHaveLength(rows.run.primaries);
    const ranked = table('run-1', 'ranked_clusters.csv');
    expect(ranked.map((line) => Number(line['rank']))).toEqual(rows.groups.map((_, at) => at + 1));
    const detailed = table('run-1', 'alerts_by_cluster_detailed.csv');
    const ranks = detailed.map((line) => Number(line['group_rank']));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(detailed).toHaveLength(rows.run.alerts);
    expect(detailed[0]!['role']).toBe('primary');
  });

  test('have the columns that the guide names, each file its own', async () => {
    await writeResults(output, { ...empty, run: groupingRun(), consolidated: [] });
    const guide = readFileSync(join(process.cwd(), 'docs', 'alerts.md'), 'utf8');
    for (const name of fileNames.filter((file) => file.endsWith('.csv'))) {
      const told = guide.split('\n\n').find((paragraph) => paragraph.startsWith(`**${name}**`)) ?? '';
      const [header] = readFileSync(join(output, 'run-1', name), 'utf8').split('\r\n');
      const missing = header!.split(',').filter((column) => !told.includes(`\`${column}\``));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });

  test('run nothing in a spreadsheet, and read back as they were otherwise', async () => {
    const name = '=HYPERLINK("http://example.test","open")';
    const consolidated = [consolidatedAlert({ name, description: 'two\nlines, "quoted"', service: '+cmd' })];
    await writeResults(output, { ...empty, run: groupingRun(), consolidated });
    const [line] = table('run-1', 'alert_consolidation_final.csv');
    expect(line).toMatchObject({
      alert_name: `'${name}`,
      description: 'two\nlines, "quoted"',
      service: "'+cmd",
      mapping_confidence: '1',
    });
  });

  test('of a run that is there already stay as they are', async () => {
    const run = groupingRun();
    await writeResults(output, { ...empty, run, consolidated: [consolidatedAlert()] });
    await writeResults(output, { ...empty, run, consolidated: [] });
    expect(table('run-1', 'alert_consolidation_final.csv')).toHaveLength(1);
    expect(readdirSync(output)).toEqual(['run-1']);
  });

  test('of two writers of one run at once are one folder', async () => {
    const rows = { ...empty, run: groupingRun(), consolidated: [consolidatedAlert()] };
    const folders = await Promise.all([writeResults(output, rows), writeResults(output, rows)]);
    expect(new Set(folders).size).toBe(1);
    expect(readdirSync(output)).toEqual(['run-1']);
  });

  test('do not appear when the writer is killed half way, and can be written again', async () => {
    const appeared = new Promise<void>((resolve) => {
      const watcher = watch(output, () => {
        watcher.close();
        resolve();
      });
    });
    const child = fork(join(__dirname, '../../support/alerts/resultsChild.js'), [output, '400000'], {
      silent: true,
    });
    await appeared;
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(output, 'run-1'))).toBe(false);
    expect(readdirSync(output)).toHaveLength(1);
    await writeResults(output, { ...empty, run: groupingRun(), consolidated: [consolidatedAlert()] });
    expect(readdirSync(join(output, 'run-1')).sort()).toEqual(fileNames);
  });

  test('that nobody will finish any more are cleared away a day later', async () => {
    const left = join(output, '.run-0.abc.partial');
    mkdirSync(left);
    writeFileSync(join(left, 'x.csv'), '');
    utimesSync(left, 0, 0);
    await writeResults(output, { ...empty, run: groupingRun(), consolidated: [] });
    expect(readdirSync(output)).toEqual(['run-1']);
  });

  test('that were stopped leave nothing behind', async () => {
    const rows = { ...empty, run: groupingRun(), consolidated: [consolidatedAlert()] };
    await expect(writeResults(output, rows, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    expect(readdirSync(output)).toEqual([]);
  });
});
