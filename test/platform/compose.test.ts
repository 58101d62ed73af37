import { describe, expect, test } from '@jest/globals';
import { withPlatform } from '../support/platform';

const platform = withPlatform();
const signal = AbortSignal.timeout(60_000);

describe('the platform of one machine', () => {
  test('has working tables, blobs and queues', async () => {
    const { warehouse, blobs, queues } = await platform();
    expect(await warehouse.techCenters(signal)).toEqual([]);
    await blobs.write('a', new Uint8Array([1]));
    expect(await blobs.exists('a')).toBe(true);
    expect(await queues.count('none', signal)).toBe(0);
  });

  test('two platforms on one environment see the same data', async () => {
    const first = await platform();
    await first.blobs.write('shared', new Uint8Array([1]));
    const second = await platform({ environment: first.environment });
    expect(await second.blobs.exists('shared')).toBe(true);
  });

  test('closing twice is closing once', async () => {
    const opened = await platform();
    await Promise.all([opened.close(), opened.close()]);
  });
});
