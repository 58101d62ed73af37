import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { said } from '../../support/processes';

/** One folder, as somebody goes through it who tries the command for the first time. */
describe('grouping alerts from the command line', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-alerts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const program = join(process.cwd(), 'bin', 'quarterdeck.cjs');
  const environment = { ...process.env, QUARTERDECK_LOG_LEVEL: 'silent' };

  function quarterdeck(...words: string[]): Promise<{ code: number; document: unknown; errors: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [program, ...words],
        { env: environment, cwd: folder },
        (error, output, errors) =>
          resolve({
            code: Number(error?.code ?? 0),
            document: output === '' ? undefined : (JSON.parse(output) as unknown),
            errors,
          }),
      );
    });
  }
  const files = ['--alerts', 'alert_data.csv', '--graph', 'graph_data.json'];

  test('the demo writes two files, the same for the same seed', async () => {
    const first = await quarterdeck('demo', 'alerts', '--nodes', '60', '--storms', '4', '--json');
    expect(first).toMatchObject({ code: 0, document: { nodes: 60, alertCount: expect.any(Number) } });
    const bytes = readFileSync(join(folder, 'alert_data.csv'));
    await quarterdeck('demo', 'alerts', '--nodes', '60', '--storms', '4', '--json', '--out', 'again');
    expect(Buffer.compare(readFileSync(join(folder, 'again', 'alert_data.csv')), bytes)).toBe(0);
  });

  test('a first run trains a model in data/models and leaves a folder of results, without any server', async () => {
    const { code, document } = await quarterdeck('alerts', ...files, '--run-once', '--json');
    expect(code).toBe(0);
    const { runId, alerts, groups, top } = document as {
      runId: string;
      alerts: number;
      groups: number;
      top: { rootCause: string | null }[];
    };
    expect(document).toMatchObject({
      rejected: 0,
      unmapped: 0,
      modelVersion: 'v1',
      training: { status: 'promoted', version: 'v1' },
    });
    expect(groups).toBeLessThan(alerts / 5);
    expect(top[0]!.rootCause).not.toBeNull();
    expect(readdirSync(join(folder, 'results', runId)).sort()).toEqual([
      'alert_consolidation_final.csv',
      'alerts_by_cluster_detailed.csv',
      'cluster_summary.csv',
      'clustering_statistics.json',
      'deduplicated_alerts.csv',
      'mapping_statistics.csv',
      'ranked_clusters.csv',
      'run_metadata.json',
    ]);
    expect(readdirSync(join(folder, 'data', 'models', 'models', 'alerts'))).toContain('clusters');
  });

  test('the interval mode says what is scheduled and in which zone, groups at once, and ends cleanly on Ctrl-C', async () => {
    const child = spawn(process.execPath, [program, 'alerts', ...files, '--interval', '1'], {
      cwd: folder,
      env: { ...environment, ALERT_TIME_ZONE: 'Europe/Berlin' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    const grouped = said(child, /results: results\/run-\S+/);
    await said(child, /every 1 minute\b[^]*retraining Mondays 07:00 .*, time zone Europe\/Berlin/);
    await grouped;
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
  });

  test('rows that are no alerts are told of and set aside, and the rest is grouped', async () => {
    const rows = [
      'alert_name,service,severity,start_time',
      'Slow,checkout,urgent,2026-01-01T10:00:00',
      'Broken,,critical,not a time',
    ];
    writeFileSync(join(folder, 'bad.csv'), rows.join('\n'));
    const words = ['alerts', '--alerts', 'bad.csv', '--graph', 'graph_data.json', '--run-once'];
    const { code, document, errors } = await quarterdeck(...words, '--no-retraining', '--json');
    expect({ code, document }).toMatchObject({ code: 3, document: { alerts: 1, groups: 1, rejected: 1 } });
    expect(errors).toContain('row 2: TIME_INVALID');
    expect(errors).toContain('times without a zone');
  });

  test('a missing option, a missing file and a graph that is none are wrong use', async () => {
    const wrong = await Promise.all([
      quarterdeck('alerts', '--alerts', 'alert_data.csv', '--run-once', '--json'),
      quarterdeck('alerts', '--alerts', 'none.csv', '--graph', 'graph_data.json', '--run-once', '--json'),
      quarterdeck(
        'alerts',
        '--alerts',
        'alert_data.csv',
        '--graph',
        'alert_data.csv',
        '--run-once',
        '--json',
      ),
    ]);
    expect(wrong).toMatchObject(
      ['INPUT_INVALID', 'NOT_FOUND', 'FILE_MALFORMED'].map((code) => ({
        code: 2,
        document: { error: { code } },
      })),
    );
  });

  test('a graph that cannot be read is told of before any row is set aside', async () => {
    writeFileSync(join(folder, 'no-graph.json'), '{');
    const words = ['--alerts', 'bad.csv', '--graph', 'no-graph.json', '--json'];
    for (const call of [
      ['alerts', ...words, '--run-once', '--no-retraining'],
      ['alerts', 'preview', ...words, '--window', '60'],
    ]) {
      const { code, document, errors } = await quarterdeck(...call);
      expect({ code, document }).toMatchObject({ code: 2, document: { error: { code: 'FILE_MALFORMED' } } });
      expect(errors).not.toContain('set aside');
    }
  });

  test('a preview compares changed settings on the same file, and stores nothing', async () => {
    const before = readdirSync(join(folder, 'results')).length;
    const { code, document } = await quarterdeck('alerts', 'preview', ...files, '--window', '60', '--json');
    expect({ code, document }).toMatchObject({
      code: 0,
      document: {
        before: { settings: { TIME_WINDOW_MINUTES: 15 } },
        after: { settings: { TIME_WINDOW_MINUTES: 60 } },
        sameGroups: expect.any(Number),
      },
    });
    expect(readdirSync(join(folder, 'results'))).toHaveLength(before);
    const nothing = await quarterdeck('alerts', 'preview', ...files, '--json');
    expect(nothing).toMatchObject({ code: 2, document: { error: { code: 'INPUT_INVALID' } } });
    expect(nothing.errors).toMatch(/--window .*--minimum-score/);
  });

  test('a graph of another estate is warned of', async () => {
    const graph = { nodes: ['north', 'south'], edges: [{ source: 'north', target: 'nowhere' }] };
    writeFileSync(join(folder, 'other.json'), JSON.stringify(graph));
    const words = ['alerts', '--alerts', 'alert_data.csv', '--graph', 'other.json', '--run-once'];
    const { document, errors } = await quarterdeck(...words, '--no-retraining', '--json');
    expect(document).toMatchObject({
      warning: expect.stringMatching(/^0 of \d+ alerting services are in this graph; not in it: /),
    });
    expect(errors).toContain('  1 edge that ends nowhere, left out');
  });

  test('going back without the folder of models says where models are', async () => {
    const { code, errors } = await quarterdeck('alerts', 'rollback', '--json');
    expect(code).toBe(1);
    expect(errors).toContain('--models data/models');
  });
});
