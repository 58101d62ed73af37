import { describe, expect, test } from '@jest/globals';
import { currentServiceGraph, readServiceGraph, storeServiceGraph } from '../../../src/alerts';
import { withPlatform, type TestPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const one = readServiceGraph({ nodes: ['a', 'b'], edges: [['a', 'b']] });
const two = readServiceGraph({ nodes: ['a', 'b', 'c'], edges: [['a', 'c']] });

async function names(platform: TestPlatform): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of platform.blobs.list('alerts/graph/', signal)) found.push(name);
  return found;
}

describe('the stored service graph', () => {
  test('is the one given last, and every version stays', async () => {
    const platform = await platforms();
    expect(await currentServiceGraph(platform, signal)).toBeUndefined();
    const first = await storeServiceGraph(platform, one, signal);
    expect(first).toEqual({ ...one, storedAt: '2026-10-05T12:00:00.000000Z', previous: null });
    expect(await currentServiceGraph(platform, signal)).toEqual(first);
    platform.clock.advance(60_000);
    const second = await storeServiceGraph(platform, two, signal);
    expect(second.previous).toBe(one.graph.version);
    expect(await currentServiceGraph({ blobs: { ...platform.blobs } }, signal)).toEqual(second);
    expect(await names(platform)).toEqual(
      ['current', one.graph.version, two.graph.version].map((name) => `alerts/graph/${name}.json`).sort(),
    );
  });

  test('given again changes nothing', async () => {
    const platform = await platforms();
    const first = await storeServiceGraph(platform, one, signal);
    platform.clock.advance(60_000);
    expect(await storeServiceGraph(platform, one, signal)).toEqual(first);
  });

  test('given by several at once is one of them, whole', async () => {
    const platform = await platforms();
    await Promise.all([one, two, one, two].map((graph) => storeServiceGraph(platform, graph, signal)));
    const current = await currentServiceGraph({ blobs: { ...platform.blobs } }, signal);
    expect([one.graph, two.graph]).toContainEqual(current?.graph);
  });

  test('that is damaged is told, and is whole again once it is given again', async () => {
    const platform = await platforms();
    await storeServiceGraph(platform, one, signal);
    const name = `alerts/graph/${one.graph.version}.json`;
    await platform.blobs.write(name, new TextEncoder().encode('{}'), { signal });
    const fresh = { ...platform, blobs: { ...platform.blobs } };
    await expect(currentServiceGraph(fresh, signal)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      culprit: { blob: name },
    });
    await storeServiceGraph(fresh, one, signal);
    expect((await currentServiceGraph(fresh, signal))?.graph).toEqual(one.graph);
  });
});
