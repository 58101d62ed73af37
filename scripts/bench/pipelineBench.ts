import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureAzurite } from '../../src/host';
import { composePlatform } from '../../src/platform/compose';
import type { Platform } from '../../src/platform/platform';

const execute = promisify(execFile);

/** What a measured process says about itself. */
export interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly rows: number;
  readonly failed: number;
  readonly clusters?: number;
  readonly noise?: number;
}

/** Tables and blobs of one benchmark, gone when it ends. */
export interface BenchStore {
  /** Work that is not measured. */
  prepare(work: (platform: Platform) => Promise<void>): Promise<void>;
  /** Runs a command of pipelineProcess.ts in a process of its own. */
  measure(command: readonly string[]): Promise<Measured>;
}

export async function withBenchStore<T>(work: (store: BenchStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'));
  const azurite = await ensureAzurite(folder);
  const environment = {
    QUARTERDECK_DATA_DIR: folder,
    QUARTERDECK_ARTIFACTS_CONTAINER: `bench-${randomUUID()}`,
    QUARTERDECK_LOG_LEVEL: 'warning',
    AzureWebJobsStorage: azurite.connectionString,
  };
  try {
    return await work({
      async prepare(prepare) {
        const platform = composePlatform(environment);
        try {
          await platform.warehouse.prepare(AbortSignal.timeout(60_000));
          await prepare(platform);
        } finally {
          await platform.close();
        }
      },
      async measure(command) {
        const entry = join(__dirname, 'pipelineProcess.js');
        const { stdout } = await execute(process.execPath, [entry, ...command], {
          env: { ...process.env, ...environment },
          maxBuffer: 64 * 1024 * 1024,
        });
        return JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured;
      },
    });
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
