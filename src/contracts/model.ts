import { z } from 'zod';

/** What the registry stores beside a model's bytes, and how a version is named. */

/**
 * `{year}/{quarter}/r{n}`, e.g. `2026/q3/r1`, or `v{n}` where versions are counted through, e.g. `v12`: also the path of
 * the version below its scope.
 */
export const modelVersionSchema = z.string().regex(/^(?:\d{4}\/q[1-4]\/r|v)[1-9]\d*$/);
export type ModelVersion = z.infer<typeof modelVersionSchema>;

export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  /** Blob prefix of the model family, e.g. `models/Service%20Desk`. */
  scope: z.string(),
  version: modelVersionSchema,
  createdAt: z.string(),
  files: z.array(z.object({ path: z.string(), size: z.number().int(), sha256: z.string().length(64) })),
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  dataWindow: z.object({ from: z.string(), to: z.string(), rows: z.number().int() }),
  metrics: z.record(z.string(), z.number().nullable()),
  embeddingModel: z.string().nullable(),
  codeVersion: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const pointerSchema = z.object({
  version: modelVersionSchema,
  previous: modelVersionSchema.nullable(),
  promotedAt: z.string(),
  promotedBy: z.string(),
  reason: z.string(),
});
export type Pointer = z.infer<typeof pointerSchema>;

const lineageEventSchema = z.enum(['born', 'kept', 'split', 'merged']);

export const labeledClusterSchema = z.object({
  /** Number of the cluster in this version, as the clusterer predicts it. */
  cluster: z.number().int().min(0),
  /** Identity that lasts from version to version. */
  stableId: z.string(),
  topic: z.string(),
  keywords: z.array(z.object({ term: z.string(), weight: z.number() })),
  /** Where the topic came from. */
  namedBy: z.enum(['keywords', 'language-model']),
  domain: z.number().int().min(0),
  domainName: z.string(),
  size: z.number().int(),
  persistence: z.number(),
  representatives: z.array(z.object({ number: z.string(), title: z.string() })),
  /** Centre in the embedding space. */
  centroid: z.array(z.number()),
  /** Lowest cosine to the centre at which a new ticket is still taken for a member. */
  leastSimilarity: z.number().default(-1),
  /** Centre in the 2-D layout. */
  layout: z.tuple([z.number(), z.number()]),
  lineage: z.object({
    event: lineageEventSchema,
    /** Stable ids of the previous version that this cluster continues, most overlap first. */
    from: z.array(z.object({ stableId: z.string(), overlap: z.number(), centroidSimilarity: z.number() })),
    firstVersion: modelVersionSchema,
  }),
});
export type LabeledCluster = z.infer<typeof labeledClusterSchema>;

export const labeledClustersSchema = z.object({
  clusters: z.array(labeledClusterSchema),
  /** Clusters of the previous version that no cluster continues. */
  deaths: z.array(z.object({ stableId: z.string(), topic: z.string(), lastVersion: modelVersionSchema })),
});
export type LabeledClusters = z.infer<typeof labeledClustersSchema>;

export const domainSchema = z.object({
  domain: z.number().int().min(0),
  name: z.string(),
  clusters: z.array(z.number().int()),
});
export const domainsSchema = z.object({ domains: z.array(domainSchema) });
export type Domain = z.infer<typeof domainSchema>;
