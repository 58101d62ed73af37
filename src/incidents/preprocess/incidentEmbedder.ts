import { QuarterdeckError, type Embedder } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { currentEmbedder, embedderByName } from '../../registry/embedders';
import { extractActions, extractEntities } from './text/views';

/**
 * The weighted scheme: a ticket's vector is the sum of its views' unit vectors (what it names, what happens, what it
 * means), each times its weight, scaled to unit length. A view without weight is not embedded.
 */
export interface ViewWeights {
  readonly entity: number;
  readonly action: number;
  readonly semantic: number;
}

type EmbedderPlatform = Parameters<typeof currentEmbedder>[0] & Pick<Platform, 'settings'>;

export function viewWeights(settings: Platform['settings']): ViewWeights {
  const weights = {
    entity: settings.EMBEDDING_WEIGHT_ENTITY,
    action: settings.EMBEDDING_WEIGHT_ACTION,
    semantic: settings.EMBEDDING_WEIGHT_SEMANTIC,
  };
  if (weights.entity + weights.action + weights.semantic === 0) {
    throw new QuarterdeckError('SETTINGS_INVALID', 'all weights of the embedding are 0', {
      culprit: { setting: 'EMBEDDING_WEIGHT_SEMANTIC' },
    });
  }
  return weights;
}

/**
 * The embedder for summaries of new tickets.
 * @throws MODEL_MISSING when the local one was never trained; SETTINGS_INVALID when no view has a weight.
 */
export async function currentIncidentEmbedder(
  platform: EmbedderPlatform,
  signal: AbortSignal,
): Promise<Embedder> {
  return weighted(await currentEmbedder(platform, signal), viewWeights(platform.settings));
}

/**
 * The embedder whose name stands beside a vector, weights included.
 * @throws MODEL_MISSING when it cannot be had.
 */
export async function incidentEmbedderByName(
  platform: EmbedderPlatform,
  name: string,
  signal: AbortSignal,
): Promise<Embedder> {
  const match = weightsInName.exec(name);
  if (!match) return embedderByName(platform, name, signal);
  const [suffix, entity, action, semantic] = match;
  const base = await embedderByName(platform, name.slice(0, -suffix.length), signal);
  return weighted(base, { entity: Number(entity), action: Number(action), semantic: Number(semantic) });
}

const weightsInName = /#entity=([\d.]+),action=([\d.]+),semantic=([\d.]+)$/;

/** With meaning alone the embedder itself; other weights are part of the name, because the vectors differ. */
export function weighted(embedder: Embedder, weights: ViewWeights): Embedder {
  if (weights.entity === 0 && weights.action === 0) return embedder;
  const views: { weight: number; textOf: (text: string) => string }[] = [
    { weight: weights.entity, textOf: (text) => extractEntities(text).join(' ') },
    { weight: weights.action, textOf: (text) => extractActions(text).join(' ') },
    { weight: weights.semantic, textOf: (text) => text },
  ];
  return {
    model: `${embedder.model}#entity=${weights.entity},action=${weights.action},semantic=${weights.semantic}`,
    width: embedder.width,
    async embed(texts, options) {
      const sums = texts.map(() => new Float32Array(embedder.width));
      for (const { weight, textOf } of views) {
        if (weight === 0) continue;
        // Services refuse empty texts; a view without content adds nothing.
        const wanted = texts
          .map((text, index) => ({ index, view: textOf(text) }))
          .filter(({ view }) => view !== '');
        const vectors = await embedder.embed(
          wanted.map(({ view }) => view),
          options,
        );
        wanted.forEach(({ index }, position) => add(sums[index]!, vectors[position], weight));
      }
      return sums.map((sum) => add(new Float32Array(sum.length), sum, 1));
    },
  };
}

/** Adds `weight` times the vector at unit length; a zero vector adds nothing. */
function add(sum: Float32Array, vector: Float32Array | undefined, weight: number): Float32Array {
  let square = 0;
  for (const value of vector ?? []) square += value * value;
  const factor = square === 0 ? 0 : weight / Math.sqrt(square);
  vector?.forEach((value, index) => {
    sum[index]! += factor * value;
  });
  return sum;
}
