import { expect, test } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { predictCenter } from '../../src/incidents/predict/predictCenter';
import type { Platform } from '../../src/platform/platform';
import { killedPlatform } from '../support/killedPlatform';
import { withPlatform } from '../support/platform';
import { storePreprocessed, syntheticTickets } from '../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter, trainCenterOn } from '../support/trainedCenter';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const mostSteps = 40;
const perRound = 24;

async function archivedNumbers(platform: Platform): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { name } of platform.blobs.list('predictions/', signal)) {
    if (!name.endsWith('.parquet')) continue;
    const { bytes } = await platform.blobs.read(name, signal);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file, columns: ['number'] });
    numbers.push(...rows.map((row) => String(row['number'])));
  }
  return numbers.sort();
}

// Dying after a change leaves what dying before the next one does: a few steps show that nothing else differs.
test.each([
  ['before', 1],
  ['after', 4],
] as const)(
  'killed %s any change and run again, a prediction has every row once, in the table and in the archive',
  async (when, stride) => {
    const platform = await platforms({
      overrides: { embeddingService },
      environment: { PREDICT_PAGE_SIZE: '10' },
    });
    await trainCenterOn(platform);
    await predictCenter(platform, { techCenter }, signal);
    const expected = syntheticTickets(q3Tickets).map(({ number }) => number);
    let survived = 0;
    for (let step = 1; survived === 0; step += stride) {
      expect(step).toBeLessThan(mostSteps);
      const tickets = syntheticTickets({
        ...q3Tickets,
        perTheme: perRound / 3,
        from: '2026-10-01T00:00:00Z',
        first: 1_000 * step,
        seed: step,
      });
      expected.push(...tickets.map(({ number }) => number));
      await storePreprocessed(platform, tickets, embeddingService);

      // Runs of a centre are told apart by when they started; the test's clock stands still by itself.
      platform.clock.advance(60_000);
      const dying = killedPlatform(platform, step, when);
      await Promise.allSettled([predictCenter(dying.platform, { techCenter }, signal)]);
      if (!dying.killed()) survived = step;
      platform.clock.advance(60_000);
      const run = await predictCenter(platform, { techCenter }, signal);
      expect(run).toMatchObject({ status: 'ok', errorCode: null });

      const rows = await platform.warehouse.predictionsBetween(
        { techCenter, modelVersion: '2026/q3/r1', limit: 10_000 },
        signal,
      );
      expect(rows.map(({ number }) => number).sort()).toEqual(expected.toSorted());
      expect(await archivedNumbers(platform)).toEqual(expected.toSorted());
    }
    // The mark, three pages, the archive, the mark's end, the run: every one was a place to die.
    expect(survived).toBeGreaterThan(6);
  },
  300_000,
);
