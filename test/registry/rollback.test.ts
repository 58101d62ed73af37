import { describe, expect, test } from '@jest/globals';
import { promoteVersion, readPointer, rollback } from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage, type TestStorage } from '../support/storage';
import { publish } from '../support/versions';

const scope = 'models/Network';
const signal = AbortSignal.timeout(60_000);
const azurite = withAzurite();
const order = { by: 'test', reason: 'because' };

/** r1 promoted, r2 refused by its gate, r3 current, r4 a candidate. */
async function fourVersions(): Promise<TestStorage> {
  const storage = testStorage(azurite());
  for (const content of ['one', 'two', 'three', 'four']) await publish(storage, scope, content);
  await promoteVersion(storage, scope, '2026/q3/r1', order, signal);
  await promoteVersion(storage, scope, '2026/q3/r3', order, signal);
  return storage;
}

describe('going back is no way around the gate', () => {
  test.each([
    ['2026/q3/r2', 'GATE_REFUSED'],
    ['2026/q3/r4', 'INPUT_INVALID'],
    ['2026/q2/r1', 'MODEL_MISSING'],
  ] as const)('to %s: %s, and everything stays', async (to, code) => {
    const storage = await fourVersions();
    await expect(rollback(storage, scope, { ...order, to }, signal)).rejects.toMatchObject({ code });
    expect((await readPointer(storage, scope, signal))?.pointer.version).toBe('2026/q3/r3');
    expect(await storage.blobs.exists(`${scope}/2026/q3/r3/metadata/withdrawn.json`)).toBe(false);
  });

  test('to a promoted one before the current one', async () => {
    const storage = await fourVersions();
    const pointer = await rollback(storage, scope, { ...order, to: '2026/q3/r1' }, signal);
    expect(pointer).toMatchObject({ version: '2026/q3/r1', previous: null });
  });
});
