import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exportReviewItems, importReviews, standingVerdicts, storeReviewRound } from '../../../src/anomalies';
import { withPlatform } from '../../support/platform';
import { reviewItemRow } from '../../support/warehouseRows';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

describe('the queue as a file', () => {
  const platform = withPlatform();

  test('goes out, comes back with verdicts, and a second import says nothing new', async () => {
    const p = await platform();
    const items = ['=a', 'b', 'c'].map((itemId, index) => reviewItemRow({ itemId, priority: -index }));
    await storeReviewRound(p, items, signal());
    const file = join(p.environment['QUARTERDECK_DATA_DIR']!, 'queue.csv');
    const { csv } = await exportReviewItems(p, { limit: 10 }, signal());
    const filled = csv
      .split('\r\n')
      .map((line, index) =>
        index === 1
          ? line.replace(/,,$/, ',anomaly,odd')
          : index === 2
            ? line.replace(/,,$/, ',Normal,')
            : line,
      )
      .join('\r\n');
    await writeFile(file, filled);
    expect(await readFile(file, 'utf8')).toContain(',anomaly,odd');
    expect(await importReviews(p, file, 'ada', signal())).toEqual({
      submitted: 2,
      empty: 1,
      known: 0,
      rejected: [],
    });
    expect(await importReviews(p, file, 'ada', signal())).toEqual({
      submitted: 0,
      empty: 1,
      known: 2,
      rejected: [],
    });
    const verdicts = await standingVerdicts(p, {}, signal());
    expect(new Map(verdicts.map(({ itemId, verdict }) => [itemId, verdict]))).toEqual(
      new Map([
        ['=a', 'anomaly'],
        ['b', 'normal'],
      ]),
    );
  });

  test('of several verdicts on an item the last row counts, however often the file is imported', async () => {
    const p = await platform();
    await storeReviewRound(p, [reviewItemRow({ itemId: 'a' })], signal());
    const file = join(p.environment['QUARTERDECK_DATA_DIR']!, 'queue.csv');
    await writeFile(file, 'item_id,verdict\na,anomaly\na,normal\n');
    const first = await importReviews(p, file, 'ada', signal());
    expect(first).toMatchObject({
      submitted: 1,
      rejected: [{ reason: expect.stringContaining('judged again') }],
    });
    expect(await importReviews(p, file, 'ada', signal())).toMatchObject({ submitted: 0, known: 1 });
    expect(await standingVerdicts(p, {}, signal())).toMatchObject([{ itemId: 'a', verdict: 'normal' }]);
    expect(await p.warehouse.reviews({ limit: 10 }, signal())).toHaveLength(1);
  });

  test('a row that cannot be taken is told by its number and stops no other', async () => {
    const p = await platform();
    await storeReviewRound(p, [reviewItemRow({ itemId: 'a' })], signal());
    const file = join(p.environment['QUARTERDECK_DATA_DIR']!, 'queue.csv');
    await writeFile(file, 'item_id,verdict\nx,anomaly\na,perhaps\na,anomaly\n');
    const { submitted, rejected } = await importReviews(p, file, 'ada', signal());
    expect(submitted).toBe(1);
    expect(rejected.map(({ reason }) => reason)).toEqual([
      'there is no review item x',
      'not a verdict: "perhaps"',
    ]);
  });

  test('a file without the columns is refused, naming the one it lacks', async () => {
    const p = await platform();
    const file = join(p.environment['QUARTERDECK_DATA_DIR']!, 'queue.csv');
    await writeFile(file, 'item_id,note\na,b\n');
    await expect(importReviews(p, file, 'ada', signal())).rejects.toMatchObject({
      code: 'FILE_COLUMN_MISSING',
      culprit: { column: 'verdict' },
    });
  });
});
