import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel, type ModelArray } from '../binary';
import type { Matrix } from '../matrix';
import type { WeightedView } from './sentenceEmbedder';

const kind = 'sentence-embedder';
const version = 1;

const parametersSchema = z.object({
  views: z.array(
    z.object({
      analyzer: z.enum(['stems', 'characters']),
      dampenCounts: z.boolean(),
      weight: z.number(),
      width: z.number().int().positive(),
    }),
  ),
  mapWidth: z.number().int().positive().nullable(),
});

/** Terms hold no line feed, so one text of lines stores them all. */
export function encodeEmbedder(views: readonly WeightedView[], map: Matrix | undefined): Uint8Array {
  const arrays: Record<string, ModelArray> = {};
  views.forEach(({ view }, index) => {
    arrays[`terms${index}`] = new TextEncoder().encode(view.terms.join('\n'));
    arrays[`loadings${index}`] = view.loadings.values;
  });
  if (map) arrays['map'] = map.values;
  const parameters: z.infer<typeof parametersSchema> = {
    views: views.map(({ weight, view }) => ({
      analyzer: view.analyzer,
      dampenCounts: view.dampenCounts,
      weight,
      width: view.loadings.d,
    })),
    mapWidth: map?.d ?? null,
  };
  return encodeModel(kind, version, { parameters, arrays });
}

/** @throws MODEL_BYTES_INVALID */
export function decodeEmbedder(bytes: Uint8Array): { views: WeightedView[]; map: Matrix | undefined } {
  const content = decodeModel(kind, version, bytes);
  const parsed = parametersSchema.safeParse(content.parameters);
  if (!parsed.success) throw invalid('unknown parameters', parsed.error);
  const views = parsed.data.views.map(({ analyzer, dampenCounts, weight, width }, index): WeightedView => {
    const terms = content.arrays[`terms${index}`];
    const values = content.arrays[`loadings${index}`];
    if (!(terms instanceof Uint8Array) || !(values instanceof Float32Array)) {
      throw invalid(`view ${index} lacks its arrays`);
    }
    const names = new TextDecoder().decode(terms).split('\n');
    return {
      weight,
      view: { analyzer, dampenCounts, terms: names, loadings: sized(values, names.length, width) },
    };
  });
  const { mapWidth } = parsed.data;
  if (mapWidth === null) return { views, map: undefined };
  const values = content.arrays['map'];
  if (!(values instanceof Float32Array)) throw invalid('the map is missing');
  const viewWidth = views.reduce((sum, { view }) => sum + view.loadings.d, 0);
  return { views, map: sized(values, viewWidth, mapWidth) };
}

function sized(values: Float32Array, n: number, d: number): Matrix {
  if (values.length !== n * d) throw invalid(`${values.length} values are not ${n} × ${d}`);
  return { values, n, d };
}

function invalid(why: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: ${why}`, { cause });
}
