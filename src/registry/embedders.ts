import { setImmediate } from 'node:timers/promises';
import {
  isQuarterdeckError,
  QuarterdeckError,
  type Embedder,
  type Manifest,
  type ModelVersion,
} from '../contracts';
import { rowOf } from '../learn/matrix';
import { sentenceEmbedderFromBytes } from '../learn/text';
import type { Blobs } from '../platform/blobs/blobs';
import type { Platform } from '../platform/platform';
import { stoppedError } from '../platform/stopping';
import { ModelCache } from './modelCache';
import { checkVersion, embedderScope } from './paths';
import { promoteVersion, type PromotionOrder } from './promote';
import { publishVersion } from './publish';
import { readVersion, type RegistryPlatform, type ResolvedModel } from './resolve';
import { readPointer } from './versions';

const embedderFile = 'embedder/sentence_embedder';
const localPrefix = 'local/';
/** Texts between two looks at the signal: a few milliseconds of work. */
const textsAtOnce = 64;

type EmbedderPlatform = RegistryPlatform & Pick<Platform, 'embeddingService'>;

/**
 * The embedder that new texts are embedded with: the configured service, otherwise the promoted local one.
 * @throws MODEL_MISSING when the local one was never trained.
 */
export async function currentEmbedder(platform: EmbedderPlatform, signal: AbortSignal): Promise<Embedder> {
  if (platform.embeddingService) return platform.embeddingService;
  return (await cacheOf(platform.blobs).current.get(platform, embedderScope, decode, signal)).value;
}

/**
 * The embedder of a given name, as stored beside every vector: for texts that have to be embedded again with the
 * one that a model was trained on.
 * @throws MODEL_MISSING when it is a service that is not configured, or a version that is not whole.
 */
export async function embedderByName(
  platform: EmbedderPlatform,
  name: string,
  signal: AbortSignal,
): Promise<Embedder> {
  if (platform.embeddingService?.model === name) return platform.embeddingService;
  if (!name.startsWith(localPrefix)) {
    throw new QuarterdeckError('MODEL_MISSING', `the embedding model ${name} is not configured`, {
      culprit: { service: name },
    });
  }
  const version = checkVersion(name.slice(localPrefix.length));
  const { named } = cacheOf(platform.blobs);
  const known = named.get(version);
  if (known) return known;
  const { manifest, files } = await readVersion(platform, embedderScope, version, signal);
  const embedder = decode({ scope: embedderScope, version, manifest, files, fallback: undefined });
  named.set(version, embedder);
  return embedder;
}

/**
 * Publishes a sentence embedder and makes it the current one.
 * @returns its version, or the later one that somebody else promoted meanwhile.
 */
export async function publishSentenceEmbedder(
  platform: RegistryPlatform,
  bytes: Uint8Array,
  about: { readonly year: number; readonly quarter: string } & Pick<
    Manifest,
    'parameters' | 'seed' | 'dataWindow' | 'metrics'
  >,
  order: PromotionOrder,
  signal: AbortSignal,
): Promise<ModelVersion> {
  sentenceEmbedderFromBytes(bytes);
  const files = [{ path: embedderFile, bytes }];
  const version = await publishVersion(
    platform,
    { ...about, scope: embedderScope, files, embeddingModel: null },
    signal,
  );
  try {
    return (await promoteVersion(platform, embedderScope, version, order, signal)).version;
  } catch (error) {
    if (!isQuarterdeckError(error, 'PROMOTION_LOST')) throw error;
    return (await readPointer(platform, embedderScope, signal))?.pointer.version ?? version;
  }
}

function decode({ version, files }: ResolvedModel): Embedder {
  const bytes = files.get(embedderFile);
  if (!bytes) {
    throw new QuarterdeckError('MODEL_CORRUPT', `${embedderScope}/${version} holds no embedder`, {
      culprit: { blob: `${embedderScope}/${version}/${embedderFile}` },
    });
  }
  const fitted = sentenceEmbedderFromBytes(bytes);
  return {
    model: `${localPrefix}${version}`,
    width: fitted.width,
    async embed(texts, { signal }) {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += textsAtOnce) {
        if (signal.aborted) throw stoppedError(signal);
        const batch = fitted.embed(texts.slice(start, start + textsAtOnce));
        for (let row = 0; row < batch.n; row++) vectors.push(rowOf(batch, row));
        // Timers and answers of the same process get their turn.
        await setImmediate();
      }
      return vectors;
    },
  };
}

interface EmbedderCache {
  readonly current: ModelCache<Embedder>;
  /** Versions never change, so these need no second look. */
  readonly named: Map<ModelVersion, Embedder>;
}

/** Lives as long as the platform's storage does. */
const caches = new WeakMap<Blobs, EmbedderCache>();

function cacheOf(blobs: Blobs): EmbedderCache {
  let cache = caches.get(blobs);
  if (!cache) caches.set(blobs, (cache = { current: new ModelCache({ scopes: 1 }), named: new Map() }));
  return cache;
}
