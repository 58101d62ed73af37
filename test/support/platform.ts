import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { composePlatform } from '../../src/platform/compose';
import type { Platform } from '../../src/platform/platform';
import { withAzurite } from './azurite';
import { recordingTelemetry, type RecordingTelemetry } from './recordingTelemetry';
import { testClock, type TestClock } from './testClock';

/** The real platform of one machine, with time and telemetry in the test's hand. */
export interface TestPlatform extends Platform {
  readonly clock: TestClock;
  readonly telemetry: RecordingTelemetry;
  /** Environment it was composed from: hand it to a child process, or to `testPlatform` to open the same data. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface TestPlatformOptions {
  /** Settings by variable name, over the defaults of tests. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly overrides?: Partial<Omit<Platform, 'close' | 'settings' | 'clock' | 'telemetry'>>;
  readonly clock?: TestClock;
  readonly telemetry?: RecordingTelemetry;
}

/**
 * Call once at the top of a test file or `describe`: runs one Azurite, and gives a function that composes
 * platforms on a DuckDB file and a blob container of their own, with the tables made. They are closed, and their
 * files removed, after each test.
 *
 *     const platform = withPlatform();
 *     test('…', async () => { const p = await platform(); … });
 */
export function withPlatform(): (options?: TestPlatformOptions) => Promise<TestPlatform> {
  const azurite = withAzurite();
  const open: { platform: Platform; folder: string }[] = [];
  afterEach(async () => {
    for (const { platform, folder } of open.splice(0)) {
      await platform.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
  return async (options = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-test-'));
    const environment = {
      QUARTERDECK_DATA_DIR: folder,
      QUARTERDECK_ARTIFACTS_CONTAINER: `test-${randomUUID()}`,
      QUARTERDECK_RAW_LOGS_CONTAINER: `raw-${randomUUID()}`,
      AzureWebJobsStorage: azurite(),
      ...options.environment,
    };
    const clock = options.clock ?? testClock();
    const telemetry = options.telemetry ?? recordingTelemetry();
    const platform = composePlatform(environment, { ...options.overrides, clock, telemetry });
    open.push({ platform, folder });
    await platform.warehouse.prepare(AbortSignal.timeout(60_000));
    return { ...platform, clock, telemetry, environment };
  };
}
