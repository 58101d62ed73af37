import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

interface Summary {
  readonly anomalies: {
    readonly servers: number;
    readonly points: number;
    readonly logRecords: number;
    readonly faults: number;
    readonly reviewed: number;
    readonly champion: string | null;
    readonly found: {
      readonly label: number;
      readonly faultMetrics: readonly string[];
      readonly contributions: readonly { readonly feature: string }[];
      readonly explanation: string;
    } | null;
  };
}

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-fleet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('servers are ingested, learned from, reviewed and served, and a planted fault is found with its features', async () => {
  const words = ['quickstart', '--once', '--tickets', '1', '--servers', '2', '--storms', '0', '--port', '0'];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'bin', 'quarterdeck.cjs'), ...words, '--data-dir', folder],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, standard, errors) =>
        error ? reject(new Error(`${error.message}\n${errors}`)) : resolve(standard),
    );
  });
  const { anomalies } = JSON.parse(output.trim().split('\n').at(-1)!) as Summary;
  expect(anomalies.servers).toBe(2);
  expect(anomalies.points).toBeGreaterThan(300_000);
  expect(anomalies.logRecords).toBeGreaterThan(0);
  expect(anomalies.faults).toBeGreaterThanOrEqual(24);
  expect(anomalies.reviewed).toBeGreaterThan(0);
  expect(anomalies.champion).not.toBeNull();
  const { found } = anomalies;
  expect(found).toMatchObject({ label: 1 });
  // Among what moved the score is something that the fault moves.
  const moved = found!.contributions.map(({ feature }) => feature);
  expect(found!.faultMetrics.some((metric) => moved.some((feature) => feature.startsWith(metric)))).toBe(
    true,
  );
  expect(found!.explanation.length).toBeGreaterThan(20);
}, 240_000);
