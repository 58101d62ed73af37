import { describe, expect, test } from '@jest/globals';
import {
  compareVersions,
  evaluateGate,
  promoteVersion,
  publishVersion,
  readPointer,
  resolveModel,
  rollback,
} from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage } from '../support/storage';
import { newVersion, publish } from '../support/versions';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const scope = 'models/A';
const order = { by: 'test', reason: 'because' };
const bytes = (text: string) => new TextEncoder().encode(text);

describe('promotion', () => {
  test('points to the version and remembers the one before', async () => {
    const storage = testStorage(azurite());
    const first = await publish(storage, scope, 'first');
    expect(await promoteVersion(storage, scope, first, order, signal)).toMatchObject({
      version: first,
      previous: null,
      promotedBy: 'test',
      promotedAt: '2026-10-05T12:00:00.000000Z',
    });
    const second = await publish(storage, scope, 'second');
    expect(await promoteVersion(storage, scope, second, order, signal)).toMatchObject({
      version: second,
      previous: first,
    });
    expect(storage.telemetry.metrics.map(({ name, dimensions }) => [name, dimensions.version])).toEqual([
      ['model.promoted', first],
      ['model.promoted', second],
    ]);
  });

  test('asking twice for the same version changes nothing', async () => {
    const storage = testStorage(azurite());
    const version = await publish(storage, scope, 'only');
    await promoteVersion(storage, scope, version, order, signal);
    const before = await readPointer(storage, scope, signal);
    await promoteVersion(storage, scope, version, { by: 'somebody else', reason: 'again' }, signal);
    expect(await readPointer(storage, scope, signal)).toEqual(before);
  });

  test('of twenty trainers promoting at once the latest version wins, whatever the order', async () => {
    const storage = testStorage(azurite());
    const versions = await Promise.all(
      Array.from({ length: 20 }, (_, index) => publish(storage, scope, `trainer ${index}`)),
    );
    const outcomes = await Promise.allSettled(
      versions.map((version) => promoteVersion(storage, scope, version, order, signal)),
    );
    const newest = versions.sort(compareVersions).at(-1);
    const found = await readPointer(storage, scope, signal);
    expect(found!.pointer.version).toBe(newest);
    const losses = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : [],
    );
    expect(new Set(losses)).toEqual(new Set(losses.length > 0 ? ['PROMOTION_LOST'] : []));
    const previous = found!.pointer.previous ?? '1970/q1/r1';
    expect(compareVersions(previous, newest!)).toBeLessThan(0);
  });

  test('an older version never goes over a newer one', async () => {
    const storage = testStorage(azurite());
    const older = await publish(storage, scope, 'older');
    const newer = await publish(storage, scope, 'newer');
    await promoteVersion(storage, scope, newer, order, signal);
    await expect(promoteVersion(storage, scope, older, order, signal)).rejects.toMatchObject({
      code: 'PROMOTION_LOST',
    });
  });

  test('a version that failed its gate is refused, each failed check named', async () => {
    const storage = testStorage(azurite());
    const version = await publish(storage, scope, 'bad');
    const check = { value: 0.7, limit: 0.5, reason: '70 % is noise, 50 % is allowed' };
    const gate = evaluateGate([
      { name: 'noise', passed: false, ...check },
      { name: 'clusters', passed: true, value: 9, limit: 2, reason: '9 clusters' },
    ]);
    await expect(promoteVersion(storage, scope, version, { ...order, gate }, signal)).rejects.toMatchObject({
      code: 'GATE_REFUSED',
      culprit: { checks: 'noise' },
    });
    expect(await readPointer(storage, scope, signal)).toBeUndefined();
    expect(storage.telemetry.metrics).toContainEqual({
      name: 'model.gate.refused',
      value: 1,
      dimensions: { scope, reason: 'noise' },
    });
  });

  test('a version without a manifest, or with an altered file, is never promoted', async () => {
    const storage = testStorage(azurite());
    await expect(promoteVersion(storage, scope, '2026/q3/r7', order, signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
    const version = await publish(storage, scope, 'altered');
    await storage.blobs.write(`${scope}/${version}/clustering/hdbscan_clusterer`, bytes('other'));
    await expect(promoteVersion(storage, scope, version, order, signal)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      culprit: { blob: `${scope}/${version}/clustering/hdbscan_clusterer` },
    });
    expect(await readPointer(storage, scope, signal)).toBeUndefined();
  });

  test('a damaged pointer is replaced, and the last good version becomes previous', async () => {
    const storage = testStorage(azurite());
    const first = await publish(storage, scope, 'first');
    await promoteVersion(storage, scope, first, order, signal);
    await storage.blobs.write(`${scope}/current.json`, bytes('{"version":'));
    const second = await publish(storage, scope, 'second');
    expect(await promoteVersion(storage, scope, second, order, signal)).toMatchObject({
      version: second,
      previous: first,
    });
    expect(storage.telemetry.exceptions).toHaveLength(1);
  });

  test.each(['../../2026/q3/r1', '2026/q3/r1/../r2', '2026/q3/r01', ''])(
    '%j is refused as a version',
    async (version) => {
      const storage = testStorage(azurite());
      await expect(promoteVersion(storage, scope, version, order, signal)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    },
  );
});

describe('rollback', () => {
  test('goes back to the version before, withdraws the one left, and can go on to the one before that', async () => {
    const storage = testStorage(azurite());
    const versions: string[] = [];
    for (const content of ['first', 'second', 'third']) {
      const version = await publish(storage, scope, content);
      versions.push(version);
      await promoteVersion(storage, scope, version, order, signal);
    }
    const [first, second, third] = versions;
    expect(await rollback(storage, scope, order, signal)).toMatchObject({ version: second, previous: first });
    expect(await rollback(storage, scope, order, signal)).toMatchObject({ version: first, previous: null });
    await expect(rollback(storage, scope, order, signal)).rejects.toMatchObject({ code: 'MODEL_MISSING' });

    // Nothing falls back to what was withdrawn, until it is promoted by name.
    await storage.blobs.delete(`${scope}/${first}/clustering/hdbscan_clusterer`);
    await expect(resolveModel(storage, scope, signal)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await promoteVersion(storage, scope, third!, order, signal);
    expect(await resolveModel(storage, scope, signal)).toMatchObject({ version: third, fallback: undefined });
  });

  test('a new version after a rollback has a number of its own and may be promoted', async () => {
    const storage = testStorage(azurite());
    for (const content of ['first', 'second']) {
      await promoteVersion(storage, scope, await publish(storage, scope, content), order, signal);
    }
    await rollback(storage, scope, order, signal);
    const third = await publish(storage, scope, 'third');
    expect(third).toBe('2026/q3/r3');
    expect(await promoteVersion(storage, scope, third, order, signal)).toMatchObject({
      version: third,
      previous: '2026/q3/r1',
    });
  });

  test('is lost when a newer version is promoted meanwhile', async () => {
    const storage = testStorage(azurite());
    for (const content of ['first', 'second']) {
      await promoteVersion(storage, scope, await publish(storage, scope, content), order, signal);
    }
    const third = await publishVersion(storage, newVersion(scope, 'third'), signal);
    const meanwhile = {
      ...storage,
      blobs: {
        ...storage.blobs,
        async write(...parameters: Parameters<typeof storage.blobs.write>) {
          if (parameters[0].endsWith('current.json')) {
            await promoteVersion(storage, scope, third, order, signal);
          }
          return storage.blobs.write(...parameters);
        },
      },
    };
    await expect(rollback(meanwhile, scope, order, signal)).rejects.toMatchObject({ code: 'PROMOTION_LOST' });
    expect((await readPointer(storage, scope, signal))!.pointer.version).toBe(third);
  });
});
