import { expect, test } from '@jest/globals';
import { promoteCandidates } from '../../../src/incidents/train/promoteCandidates';
import { readPointer, techCenterScope } from '../../../src/registry';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { publish } from '../../support/versions';

const signal = AbortSignal.timeout(60_000);
const platforms = withPlatform();
const techCenters = ['Damaged', 'Sound'];
const passed = { gate: [{ name: 'clusters', value: 3, limit: 2, passed: true, reason: '3 clusters' }] };

async function candidates(): Promise<TestPlatform> {
  const platform = await platforms();
  for (const techCenter of techCenters) {
    await publish(platform, techCenterScope(techCenter), 'first', { parameters: passed });
  }
  return platform;
}
const currentOf = async (platform: TestPlatform, techCenter: string) =>
  (await readPointer(platform, techCenterScope(techCenter), signal))?.pointer.version;

test('a damaged pointer is replaced, and the centres after it are promoted too', async () => {
  const platform = await candidates();
  const pointer = `${techCenterScope('Damaged')}/current.json`;
  await platform.blobs.write(pointer, new TextEncoder().encode('{"version":'));
  const promotions = await promoteCandidates(platform, { techCenters }, signal);
  expect(promotions.map(({ state }) => state)).toEqual(['current', 'current']);
  expect(await currentOf(platform, 'Damaged')).toBe('2026/q3/r1');
});

test.each(['clustering/hdbscan_clusterer', 'metadata/training_metadata.json'])(
  'a candidate whose %s is altered is refused, and the centres after it are promoted',
  async (file) => {
    const platform = await candidates();
    const altered = `${techCenterScope('Damaged')}/2026/q3/r1/${file}`;
    await platform.blobs.write(altered, new TextEncoder().encode('{}'));
    const promotions = await promoteCandidates(platform, { techCenters }, signal);
    expect(promotions).toMatchObject([
      { techCenter: 'Damaged', state: 'refused', detail: expect.stringContaining(file) },
      { techCenter: 'Sound', state: 'current' },
    ]);
    expect(await currentOf(platform, 'Damaged')).toBeUndefined();
    expect(await currentOf(platform, 'Sound')).toBe('2026/q3/r1');
  },
);
