import { z } from 'zod';
import {
  domainsSchema,
  labeledClustersSchema,
  QuarterdeckError,
  type Domain,
  type LabeledClusters,
} from '../../contracts';
import type { ModelFile } from '../../registry';

/** What a version says about its clusters to people: everything but the two fitted models. */
export interface Analysis {
  readonly labeled: LabeledClusters;
  readonly domains: readonly Domain[];
  readonly layout: Layout;
}

/** Where a share of the training tickets lies in two dimensions, for the map. */
export const layoutSchema = z.object({
  points: z.array(
    z.object({
      number: z.string(),
      title: z.string(),
      x: z.number(),
      y: z.number(),
      /** Cluster number in this version, -1 for noise. */
      cluster: z.number().int().min(-1),
    }),
  ),
});
export type Layout = z.infer<typeof layoutSchema>;

export const analysisFiles = {
  clusters: 'analysis/labeled_clusters.json',
  domains: 'analysis/domains.json',
  layout: 'analysis/layout.json',
} as const;

export function encodeAnalysis(analysis: Analysis): ModelFile[] {
  const json = (path: string, value: unknown): ModelFile => ({
    path,
    bytes: new TextEncoder().encode(JSON.stringify(value)),
  });
  return [
    json(analysisFiles.clusters, analysis.labeled),
    json(analysisFiles.domains, { domains: analysis.domains }),
    json(analysisFiles.layout, analysis.layout),
  ];
}

/** @throws MODEL_CORRUPT naming the file that is missing or does not fit its schema */
export function decodeAnalysis(files: ReadonlyMap<string, Uint8Array>): Analysis {
  return {
    labeled: readJson(files, analysisFiles.clusters, labeledClustersSchema),
    domains: readJson(files, analysisFiles.domains, domainsSchema).domains,
    layout: readJson(files, analysisFiles.layout, layoutSchema),
  };
}

function readJson<T>(files: ReadonlyMap<string, Uint8Array>, path: string, schema: z.ZodType<T>): T {
  const bytes = modelFile(files, path);
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new QuarterdeckError('MODEL_CORRUPT', `${path} is not what its schema says`, {
      culprit: { blob: path },
      cause: error,
    });
  }
}

/** @throws MODEL_CORRUPT when the version has no such file */
export function modelFile(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = files.get(path);
  if (!bytes) {
    throw new QuarterdeckError('MODEL_CORRUPT', `the version has no ${path}`, { culprit: { blob: path } });
  }
  return bytes;
}
