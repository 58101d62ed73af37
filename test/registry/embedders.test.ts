import { beforeAll, describe, expect, test } from '@jest/globals';
import { seededRandom, type Embedder } from '../../src/contracts';
import { fitSentenceEmbedder } from '../../src/learn/text';
import { currentEmbedder, embedderByName, publishSentenceEmbedder } from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage } from '../support/storage';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const order = { by: 'test', reason: 'because' };
const about = {
  year: 2026,
  quarter: 'q3',
  parameters: {},
  seed: 1,
  dataWindow: { from: '2026-07-01T00:00:00.000000Z', to: '2026-10-01T00:00:00.000000Z', rows: 60 },
  metrics: {},
};
const texts = Array.from({ length: 60 }, (_, index) =>
  index % 2 === 0 ? `printer ${index} does not print any page` : `vpn connection ${index} drops every hour`,
);

describe('embedders', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = (await fitSentenceEmbedder(texts, { components: 8 }, seededRandom(1))).toBytes();
  });
  const open = (embeddingService?: Embedder) => ({ ...testStorage(azurite()), embeddingService });

  test('a configured service is the current one', async () => {
    const service: Embedder = { model: 'service', width: 2, embed: () => Promise.resolve([]) };
    const platform = open(service);
    expect(await currentEmbedder(platform, signal)).toBe(service);
    expect(await embedderByName(platform, 'service', signal)).toBe(service);
  });

  test('without a service and without training there is none', async () => {
    await expect(currentEmbedder(open(), signal)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await expect(embedderByName(open(), 'text-embedding-3-small', signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
    await expect(embedderByName(open(), 'local/../../x', signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('a published one embeds like the one that was trained, and its name says the version', async () => {
    const platform = open();
    const version = await publishSentenceEmbedder(platform, bytes, about, order, signal);
    const embedder = await currentEmbedder(platform, signal);
    expect(embedder.model).toBe(`local/${version}`);
    const vectors = await embedder.embed(texts, { signal });
    expect(vectors).toHaveLength(texts.length);
    expect(vectors[0]).toHaveLength(embedder.width);
    expect(vectors[0]!.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    const alone = await embedder.embed([texts[3]!], { signal });
    expect(alone[0]).toEqual(vectors[3]);
    const [empty] = await embedder.embed([''], { signal });
    expect(empty!.every((value) => value === 0)).toBe(true);
  });

  test('an older one can still be had by its name when a newer one is current', async () => {
    const platform = open();
    const older = await publishSentenceEmbedder(platform, bytes, about, order, signal);
    const newer = await publishSentenceEmbedder(platform, bytes, about, order, signal);
    expect((await currentEmbedder(platform, signal)).model).toBe(`local/${newer}`);
    const byName = await embedderByName(platform, `local/${older}`, signal);
    expect(byName.model).toBe(`local/${older}`);
    expect(await embedderByName(platform, `local/${older}`, signal)).toBe(byName);
  });

  test('trainers that publish at once agree on one current embedder', async () => {
    const platform = open();
    await Promise.all(
      Array.from({ length: 4 }, () => publishSentenceEmbedder(platform, bytes, about, order, signal)),
    );
    expect((await currentEmbedder(platform, signal)).model).toBe('local/2026/q3/r4');
  });

  test('bytes that are no embedder are never published', async () => {
    const platform = open();
    await expect(
      publishSentenceEmbedder(platform, new Uint8Array(100), about, order, signal),
    ).rejects.toMatchObject({ code: 'MODEL_BYTES_INVALID' });
    await expect(currentEmbedder(platform, signal)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  test('embedding stops when the caller asks', async () => {
    const platform = open();
    await publishSentenceEmbedder(platform, bytes, about, order, signal);
    const embedder = await currentEmbedder(platform, signal);
    await expect(embedder.embed(texts, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
